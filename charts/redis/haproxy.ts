import { TLS } from '../conventions.ts';
import { REDIS_PORT, SENTINEL_PORT } from './config.ts';

export const HEALTH_PORT = 8404;

/** How long the sessions of a pod that goes may end by themselves, in seconds. */
export const DRAIN_SECONDS = 20;

/**
 * HAProxy's configuration: connections go to the server that says it is the primary and that a majority of the Sentinels names,
 * or to nobody. A server alone would go on saying so after a partition. TLS passes through, so the proxy holds no key of it.
 *
 * With `min-recv 0` the first answer counts: HAProxy would wait for the one that it expects until its time is over.
 *
 * @param hosts the servers, by the names of their pods
 * @param quorum how many Sentinels are a majority
 */
export function haproxyConfig(hosts: readonly string[], quorum: number): string {
  const each = (line: (host: string, index: number) => string) => hosts.map(line).join('\n');
  const pairs = hosts.flatMap((_, a) => hosts.slice(a + 1).map((_, b) => [a, a + 1 + b] as const));
  const both = pairs.map(([a, b]) => `{ nbsrv(named_${a}) ge ${quorum} } { nbsrv(named_${b}) ge ${quorum} }`);
  // HAProxy holds a server for up until it has asked it: right after the start all seem to be named.
  const unknown = (rule: string) => both.map(condition => `  ${rule} if ${condition}`).join('\n');
  const text = `global
  maxconn 2000
  log stdout format raw local0 notice
  hard-stop-after ${DRAIN_SECONDS}s

resolvers cluster
  parse-resolv-conf
  accepted_payload_size 8192
  timeout resolve 2s
  timeout retry 1s
  hold valid 2s

defaults
  mode tcp
  log global
  option clitcpka
  option srvtcpka
  timeout connect 3s
  timeout check 2s
  # Subscribers and pools are silent for long.
  timeout client 24h
  timeout server 24h
  default-server inter 1s fall 2 rise 1 resolvers cluster resolve-prefer ipv4 init-addr last,libc,none check check-ssl verify required ca-file ${TLS}/ca.crt

frontend redis
  bind :::${REDIS_PORT} v4v6
${unknown('tcp-request connection reject')}
${each((_, index) => `  use_backend redis_${index} if { nbsrv(redis_${index}) ge 1 } { nbsrv(named_${index}) ge ${quorum} }`)}

frontend health
  bind :::${HEALTH_PORT} v4v6
  mode http
  timeout client 10s
  monitor-uri /readyz
${unknown('monitor fail')}
  http-request return status 200 if { path /livez }
  http-request use-service prometheus-exporter if { path /metrics }
  http-request return status 404

${each(
  (host, index) => `# ${host}: whether it is the primary, and which Sentinels say so.
backend redis_${index}
  option tcp-check
  tcp-check send "AUTH proxy \${PROXY_PASSWORD}\\r\\n"
  tcp-check expect string +OK
  tcp-check send "ROLE\\r\\n"
  tcp-check expect min-recv 0 string "\\$6\\r\\nmaster\\r\\n"
  server redis ${host}:${REDIS_PORT} check-sni ${host} verifyhost ${host} on-marked-down shutdown-sessions

backend named_${index}
  option tcp-check
  tcp-check send "AUTH proxy \${PROXY_PASSWORD}\\r\\n"
  tcp-check expect string +OK
  tcp-check send "SENTINEL get-master-addr-by-name \${PROXY_MASTER}\\r\\n"
  tcp-check expect min-recv 0 string "\\r\\n${host}\\r\\n"
${each((peer, number) => `  server sentinel-${number} ${peer}:${SENTINEL_PORT} check-sni ${peer} verifyhost ${peer}`)}
`,
)}`;
  return text;
}
