import type { Construct } from 'constructs';
import {
  byTier,
  Cpu,
  Duration,
  imagesFrom,
  Migration,
  objectStore,
  type Site,
  Size,
  StaticSite,
  System,
  secureHeaders,
  tracing,
  WebService,
  Worker,
} from '../../charts/index.ts';
import { alerts } from './alerts.ts';
import { apiMetrics, syncMetrics, webhookMetrics } from './metrics.ts';
import { objectives } from './objectives.ts';
import { COOLDOWN, scaled } from './scaling.ts';
import { apiSettings, PORT, pagePolicy, pageSettings, syncSettings, webhookSettings } from './settings.ts';
import { stores } from './stores.ts';

const image = imagesFrom(new URL('images.yaml', import.meta.url));

/** A point of sale for liquor stores: what terminals and the office talk to, what settles offline sales, and both front ends. */
export class LiquorPos extends System {
  constructor(scope: Construct, site: Site) {
    super(scope, 'liquor-pos', { site, owner: 'retail', costCenter: 'liquor-pos' });
    const { domain } = site;
    const { database, cache } = stores(this);
    const wired = {
      DATABASE_URL: database.poolerUrl,
      DATABASE_READ_URL: database.replicaUrl,
      ...cache.sentinels('REDIS'),
    };
    const health = {
      ready: '/health/ready',
      live: '/health/live',
      every: Duration.seconds(30),
      timeout: Duration.seconds(5),
    };

    new Migration(this, 'migrate', {
      database,
      image: image('liquor-pos/api', site),
      command: ['node', 'dist/migrate.js'],
      verify: ['node', 'dist/migrate.js', '--verify'],
      // Terminals go on offline meanwhile, and what they sold comes through the queue.
      writes: 'stop',
      cpu: Cpu.millis(250),
      memory: Size.mebibytes(256),
      deadline: Duration.minutes(30),
    });

    const api = new WebService(this, 'api', {
      image: image('liquor-pos/api', site),
      port: PORT,
      replicas: scaled(site),
      cpu: Cpu.millis(250),
      memory: Size.mebibytes(512),
      health,
      metrics: apiMetrics,
      env: { ...apiSettings(site), ...objectStore(site, 'receipts', 'RECEIPTS'), ...tracing(), ...wired },
    });
    const uptime = { path: '/health' };
    api.expose({ host: `api.liquor-pos.${domain}`, headers: secureHeaders(), routing: 'nearest', uptime });

    const webhooks = new WebService(this, 'webhooks', {
      image: image('liquor-pos/webhooks', site),
      port: PORT,
      replicas: scaled(site),
      cpu: Cpu.millis(100),
      memory: Size.mebibytes(256),
      health,
      metrics: webhookMetrics,
      env: { ...webhookSettings(site), ...tracing(), ...wired },
    });
    webhooks.expose({
      host: `webhooks.liquor-pos.${domain}`,
      paths: ['/webhooks/orders'],
      headers: secureHeaders(),
      routing: 'nearest',
    });

    const sync = new Worker(this, 'sync-worker', {
      image: image('liquor-pos/sync-worker', site),
      port: PORT,
      replicas: byTier(site, {
        development: 1,
        staging: 2,
        production: { min: 2, max: 10, targetQueueLength: 100, cooldown: COOLDOWN },
      }),
      cpu: Cpu.millis(100),
      memory: Size.mebibytes(256),
      health,
      metrics: syncMetrics,
      env: { ...syncSettings(site), ...tracing(), ...wired },
      // A sale that is not settled goes back into the queue: such a worker may lose its node.
      spot: true,
      needsPrimary: true,
    });
    for (const [id, name] of [
      ['pos-terminal', 'pos'],
      ['admin-dashboard', 'admin'],
    ] as const) {
      const page = new StaticSite(this, id, {
        image: image(`liquor-pos/${id}`, site),
        replicas: byTier(site, { development: 1, staging: 2, production: 2 }),
        config: pageSettings(site),
      });
      page.expose({
        host: `${name}.liquor-pos.${domain}`,
        headers: secureHeaders(pagePolicy(site)),
        routing: 'nearest',
      });
    }

    objectives(api, webhooks);
    alerts(site, { api, webhooks, sync });
  }
}
