import type { System } from '../../charts/index.ts';
import { monitoringSecret } from './monitoring-secret.ts';

/** The Secret by which the collector writes into backends outside the cluster: key `elastic-api-key`. */
export const TELEMETRY_BACKENDS = 'telemetry-backends';

/** What the collector needs to write into backends outside the cluster, where the cluster has any. */
export function telemetryBackends(platform: System): void {
  if (platform.site.telemetry?.elastic === undefined) return;
  monitoringSecret(platform, TELEMETRY_BACKENDS, {
    secrets: [{ key: 'elastic-api-key', path: 'elastic/api-key' }],
    madeUp: 'made-up-for-local-use-only',
  });
}
