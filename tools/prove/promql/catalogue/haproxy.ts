/** HAProxy 2.6 to 3.2, addons/promex: seen on 2.6 as it runs; `proxy` is the name of a frontend or backend. */
export const HAPROXY = `
haproxy_process_max_connections gauge
haproxy_process_current_connections gauge
haproxy_frontend_current_sessions{proxy} gauge
haproxy_frontend_limit_sessions{proxy} gauge
haproxy_frontend_denied_connections_total{proxy} counter
haproxy_frontend_connections_total{proxy} counter
haproxy_backend_active_servers{proxy} gauge
haproxy_backend_current_sessions{proxy} gauge
haproxy_backend_status{proxy,state} gauge 0 1
haproxy_server_status{proxy,server,state} gauge 0 1
`;
