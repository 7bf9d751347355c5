/** blackbox_exporter 0.27, prober/. */
export const BLACKBOX_EXPORTER = `
probe_success gauge 0 1
probe_duration_seconds gauge
probe_dns_lookup_time_seconds gauge
probe_ip_protocol gauge
probe_http_status_code gauge
probe_http_ssl gauge 0 1
probe_http_version gauge
probe_http_redirects gauge
probe_http_content_length gauge
probe_http_uncompressed_body_length gauge
probe_http_duration_seconds{phase} gauge
probe_http_last_modified_timestamp_seconds gauge
probe_failed_due_to_regex gauge 0 1
probe_ssl_earliest_cert_expiry gauge
probe_ssl_last_chain_expiry_timestamp_seconds gauge
probe_tls_version_info{version} gauge
probe_icmp_duration_seconds{phase} gauge
probe_dns_query_succeeded gauge 0 1
probe_grpc_status_code gauge
`;
