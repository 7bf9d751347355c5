import type { Construct } from 'constructs';
import {
  byTier,
  Cpu,
  Duration,
  imagesFrom,
  Migration,
  objectStore,
  perMinute,
  type Site,
  Size,
  System,
  secureHeaders,
  tracing,
  WebService,
} from '../../charts/index.ts';
import { alerts } from './alerts.ts';
import { apiMetrics } from './metrics.ts';
import { objectives } from './objectives.ts';
import { AUDIT_LOG, apiSettings, logging, PORT } from './settings.ts';
import { stores } from './stores.ts';

const image = imagesFrom(new URL('images.yaml', import.meta.url));

/** Food ordering: a FastAPI service behind the edge, its orders, and its sessions, cache and queues. */
export class Zapora extends System {
  constructor(scope: Construct, site: Site) {
    super(scope, 'zapora', { site, owner: 'ordering', costCenter: 'zapora', logs: 'elastic', traces: 'jaeger' });

    const { database, cache } = stores(this);
    const wired = {
      DATABASE_URL: database.poolerUrl,
      DATABASE_READ_URL: database.replicaUrl,
      REDIS_URL: cache.url,
    };

    new Migration(this, 'migrate', {
      database,
      image: image('zapora/api', site),
      command: ['alembic', 'upgrade', 'head'],
      verify: ['alembic', 'current', '--check-heads'],
      // Orders come in at all hours; Alembic runs each step in a transaction of its own.
      writes: 'go on',
      cpu: Cpu.millis(250),
      memory: Size.mebibytes(256),
      deadline: Duration.minutes(30),
    });

    const api = new WebService(this, 'api', {
      image: image('zapora/api', site),
      port: PORT,
      replicas: byTier(site, {
        development: 1,
        staging: { min: 2, max: 4, targetCpuPercent: 70, targetMemoryPercent: 75 },
        production: { min: 3, max: 20, targetCpuPercent: 70, targetMemoryPercent: 75 },
      }),
      cpu: Cpu.millis(250),
      memory: Size.mebibytes(512),
      health: { ready: '/health/ready', live: '/health/live' },
      metrics: apiMetrics,
      env: { ...apiSettings(site), ...objectStore(site, 'images', 'IMAGES'), ...tracing(), ...wired },
      files: logging,
      auditLog: AUDIT_LOG,
    });
    api.expose({
      host: `api.zapora.${site.domain}`,
      rateLimit: perMinute(100),
      headers: secureHeaders(),
      operatorsOnly: ['/admin'],
    });
    objectives(api);
    alerts(api);
  }
}
