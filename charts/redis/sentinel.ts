import { TLS } from '../conventions.ts';
import { PATHS, SENTINEL_PORT } from './config.ts';

/** Lines of sentinel.conf that all Sentinels share; the start script adds whom they watch and who they are. */
export function sentinelConfig(): string {
  return `port 0
tls-port ${SENTINEL_PORT}
tls-cert-file ${TLS}/tls.crt
tls-key-file ${TLS}/tls.key
tls-ca-cert-file ${TLS}/ca.crt
tls-auth-clients optional
tls-replication yes
bind * -::*
protected-mode no
dir ${PATHS.data}
aclfile ${PATHS.run}/sentinel.acl
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-port ${SENTINEL_PORT}
sentinel sentinel-user sentinel
`;
}
