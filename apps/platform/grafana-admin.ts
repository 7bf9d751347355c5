import type { System } from '../../charts/index.ts';
import { monitoringSecret } from './monitoring-secret.ts';

/** The Secret of Grafana's administrator: keys `admin-user` and `admin-password`. */
export const GRAFANA_ADMIN = 'grafana-admin';

/** Who may change by hand what Grafana shows, until its next restart. */
export function grafanaAdmin(platform: System): void {
  monitoringSecret(platform, GRAFANA_ADMIN, {
    secrets: [{ key: 'admin-password', path: 'grafana/admin-password' }],
    madeUp: 'made-up-for-local-use-only',
    files: { 'admin-user': 'admin' },
  });
}
