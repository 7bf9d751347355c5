/** KEDA 2.21, pkg/metricscollector/prommetrics.go. */
export const KEDA = `
keda_build_info{version,git_commit,goversion,goos,goarch} gauge
keda_scaler_metrics_value{namespace,metric,scaledObject,scaler,triggerIndex,type} gauge
keda_scaler_metrics_latency_seconds{namespace,metric,scaledObject,scaler,triggerIndex,type} gauge
keda_scaler_active{namespace,metric,scaledObject,scaler,triggerIndex,type} gauge 0 1
keda_scaler_detail_errors_total{namespace,metric,scaledObject,scaler,triggerIndex,type} counter
keda_scaler_empty_upstream_responses_total{namespace,scaledResource,triggerName,metricName,resourceType,ignoreNullValues} counter
keda_scaled_object_paused{namespace,scaledObject} gauge 0 1
keda_scaled_object_errors_total{namespace,scaledObject} counter
keda_scaled_job_errors_total{namespace,scaledJob} counter
keda_trigger_registered_total{type} gauge
keda_resource_registered_total{namespace,type} gauge
keda_internal_scale_loop_latency_seconds{namespace,type,resource} gauge
`;
