/** External Secrets 0.17 and later, pkg/controllers. */
export const EXTERNAL_SECRETS = `
externalsecret_sync_calls_total{name,namespace} counter
externalsecret_sync_calls_error{name,namespace} counter
externalsecret_status_condition{name,namespace,condition,status} gauge 0 1
externalsecret_reconcile_duration{name,namespace} gauge
externalsecret_provider_api_calls_count{provider,call,status} counter
secretstore_status_condition{name,namespace,condition,status} gauge 0 1
secretstore_reconcile_duration{name,namespace} gauge
clustersecretstore_status_condition{name,namespace,condition,status} gauge 0 1
clustersecretstore_reconcile_duration{name,namespace} gauge
`;
