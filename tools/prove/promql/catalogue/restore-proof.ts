/** The restore proof’s own report, and the Pushgateway that keeps it. */
export const RESTORE_PROOF = `
restore_proof_success{proof} gauge 0 1
restore_proof_timestamp_seconds{proof} gauge
restore_proof_last_success_timestamp_seconds{proof} gauge
restore_proof_step_success{proof,step} gauge 0 1
restore_proof_step_seconds{proof,step} gauge
restore_proof_restore_seconds{proof} gauge
restore_proof_canary_age_seconds{proof} gauge
restore_proof_backup_bytes{proof} gauge
push_time_seconds{proof} gauge
push_failure_time_seconds{proof} gauge
pushgateway_build_info{version,revision,branch,goversion,goos,goarch,tags} gauge
pushgateway_http_requests_total{handler,method,code} counter
`;
