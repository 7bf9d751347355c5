import { byTier, Cpu, Duration, Postgres, RedisCluster, Size, type System } from '../../charts/index.ts';

/** With its two leap days. */
const SEVEN_YEARS = Duration.days(2557);

/** What the system keeps: orders in PostgreSQL; sessions, cache and queues in Redis. */
export function stores(zapora: System): { readonly database: Postgres; readonly cache: RedisCluster } {
  const { site } = zapora;
  const sizes = byTier(site, {
    development: { instances: 1, cpu: Cpu.millis(100), memory: Size.mebibytes(512), storage: Size.gibibytes(10) },
    staging: { instances: 2, cpu: Cpu.millis(500), memory: Size.gibibytes(2), storage: Size.gibibytes(20) },
    production: { instances: 3, cpu: Cpu.units(2), memory: Size.gibibytes(8), storage: Size.gibibytes(100) },
  });
  const database = new Postgres(zapora, 'database', {
    version: '16',
    ...sizes,
    databases: { zapora: { roles: { app: { may: 'own' }, migrations: { may: 'migrate' } } } },
    // Where nobody works but us, what is lost is made again.
    ...(site.tier !== 'development' && {
      backups: {
        full: '0 1 * * *',
        keep: Duration.days(30),
        copies: [
          { to: 'warm', schedule: '0 4 * * 0', keep: Duration.days(90) },
          { to: 'cold', schedule: '0 6 1 * *', keep: SEVEN_YEARS },
        ],
      },
    }),
  });

  const cache = new RedisCluster(zapora, 'cache', {
    shards: 3,
    replicas: byTier(site, { development: 0, staging: 1, production: 1 }),
    cpu: byTier(site, { development: Cpu.millis(50), staging: Cpu.millis(100), production: Cpu.millis(250) }),
    memory: byTier(site, {
      development: Size.mebibytes(256),
      staging: Size.mebibytes(512),
      production: Size.gibibytes(2),
    }),
    storage: byTier(site, {
      development: Size.gibibytes(1),
      staging: Size.gibibytes(2),
      production: Size.gibibytes(10),
    }),
    // Cached answers and sessions have a time to live, and go first; what waits in a queue has none, and stays.
    eviction: 'volatile-lru',
    ...(site.tier !== 'development' && { backups: { every: Duration.hours(1), keep: Duration.days(30) } }),
  });
  return { database, cache };
}
