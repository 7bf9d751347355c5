import type { Container, Probe } from '../../imports/kubernetes.ts';
import type { FailoverTimes } from './options.ts';
import { POSTGRES_PORT, REST_PORT } from './patroni.ts';

/**
 * Ports and probes of a server's own container. Probes go by Patroni's rhythm: a leader that hangs is restarted about when its lease is
 * out (CrunchyData's operator does the same).
 */
export function server({ ttl, loopWait }: FailoverTimes): Partial<Container> {
  const period = loopWait.toSeconds();
  const ask = (path: string, rest: Partial<Probe> = {}): Probe => ({
    failureThreshold: Math.max(1, Math.floor(ttl.toSeconds() / period)),
    httpGet: { path, port: 'patroni', scheme: 'HTTPS' },
    periodSeconds: period,
    successThreshold: 1,
    timeoutSeconds: Math.max(1, Math.floor(period / 2)),
    ...rest,
  });
  return {
    ports: [
      { name: 'postgres', containerPort: POSTGRES_PORT, protocol: 'TCP' },
      { name: 'patroni', containerPort: REST_PORT, protocol: 'TCP' },
    ],
    // What hangs does not stop by itself; the ten minutes of an orderly end would be waited for in vain.
    livenessProbe: ask('/liveness', { terminationGracePeriodSeconds: 10 }),
    // A follower that is far behind is not read from.
    readinessProbe: ask('/readiness'),
    // An hour, for the replay after a crash (cloudnative-pg gives as much).
    startupProbe: ask('/liveness', { failureThreshold: 720, periodSeconds: 5 }),
  };
}
