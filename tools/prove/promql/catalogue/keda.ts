/** KEDA 2.21, pkg/metricscollector/prommetrics.go; its own names stand as `namespace` where its ServiceMonitor honours labels, else as `exported_namespace`. */
export const KEDA = `
keda_build_info{version,git_commit,goversion,goos,goarch} gauge
keda_scaler_metrics_value{namespace,exported_namespace,metric,scaledObject,scaler,triggerIndex,type} gauge
keda_scaler_metrics_latency_seconds{namespace,exported_namespace,metric,scaledObject,scaler,triggerIndex,type} gauge
keda_scaler_active{namespace,exported_namespace,metric,scaledObject,scaler,triggerIndex,type} gauge 0 1
keda_scaler_detail_errors_total{namespace,exported_namespace,metric,scaledObject,scaler,triggerIndex,type} counter
keda_scaler_empty_upstream_responses_total{namespace,exported_namespace,scaledResource,triggerName,metricName,resourceType,ignoreNullValues} counter
keda_scaled_object_paused{namespace,exported_namespace,scaledObject} gauge 0 1
keda_scaled_object_errors_total{namespace,exported_namespace,scaledObject} counter
keda_scaled_job_errors_total{namespace,exported_namespace,scaledJob} counter
keda_trigger_registered_total{type} gauge
keda_resource_registered_total{namespace,exported_namespace,type} gauge
keda_internal_scale_loop_latency_seconds{namespace,exported_namespace,type,resource} gauge
`;
