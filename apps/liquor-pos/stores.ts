import { byTier, Cpu, Duration, Postgres, Redis, Size, type System } from '../../charts/index.ts';

/** With its two leap days. */
const SEVEN_YEARS = Duration.days(2557);

/** What the system keeps: sales and stock in PostgreSQL; cache and the queue of offline sales in Redis. */
export function stores(pos: System): { readonly database: Postgres; readonly cache: Redis } {
  const { site } = pos;
  const sizes = byTier(site, {
    development: { instances: 1, cpu: Cpu.millis(100), memory: Size.mebibytes(512), storage: Size.gibibytes(10) },
    staging: { instances: 2, cpu: Cpu.millis(500), memory: Size.gibibytes(2), storage: Size.gibibytes(20) },
    // One that writes and three to read from.
    production: { instances: 4, cpu: Cpu.units(2), memory: Size.gibibytes(8), storage: Size.gibibytes(100) },
  });
  const database = new Postgres(pos, 'database', {
    version: '16',
    ...sizes,
    databases: { liquor_pos: { roles: { app: { may: 'own' }, migrations: { may: 'migrate' } } } },
    // Where nobody works but us, what is lost is made again.
    ...(site.tier !== 'development' && {
      backups: {
        full: '0 2 * * *',
        keep: Duration.days(30),
        copies: [
          { to: 'warm', schedule: '0 5 * * 0', keep: Duration.days(90) },
          { to: 'cold', schedule: '0 7 1 * *', keep: SEVEN_YEARS },
        ],
      },
    }),
  });

  const cache = new Redis(pos, 'cache', {
    // Three everywhere: clients follow Sentinel, and there is no other way for them to speak in development.
    instances: 3,
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
    // What is cached has a time to live, and goes first; a sale that waits has none, and stays.
    eviction: 'volatile-lru',
    ...(site.tier !== 'development' && { backups: { every: Duration.hours(1), keep: Duration.days(30) } }),
  });
  return { database, cache };
}
