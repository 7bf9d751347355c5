/** Argo CD 2.14 and 3, controller/metrics and reposerver/metrics. */
export const ARGOCD = `
argocd_app_info{namespace,name,project,autosync_enabled,repo,dest_server,dest_namespace,sync_status,health_status,operation} gauge 0 1
argocd_app_sync_total{namespace,name,project,dest_server,phase,dry_run} counter
argocd_app_sync_duration_seconds_total{namespace,name,project,dest_server} counter
argocd_app_condition{namespace,name,project,condition} gauge
argocd_app_orphaned_resources_count{namespace,name,project} gauge
argocd_app_k8s_request_total{namespace,name,project,server,dry_run,response_code,verb,resource_kind,resource_namespace} counter
argocd_app_reconcile{namespace,dest_server} histogram 0.25 0.5 1 2 4 8 16
argocd_cluster_info{server,name,k8s_version} gauge 0 1
argocd_cluster_connection_status{server,k8s_version} gauge 0 1
argocd_cluster_cache_age_seconds{server} gauge
argocd_cluster_api_resource_objects{server} gauge
argocd_cluster_events_total{server,group,kind} counter
argocd_kubectl_exec_total{hostname,command} counter
argocd_kubectl_exec_pending{hostname,command} gauge
argocd_git_request_total{repo,request_type} counter
argocd_git_fetch_fail_total{repo,revision} counter
argocd_git_lsremote_fail_total{repo,revision} counter
argocd_repo_pending_request_total{repo} gauge
argocd_redis_request_total{hostname,initiator,failed} counter
argocd_info{version} gauge
`;
