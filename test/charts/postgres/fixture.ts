import { Cpu, Duration, Postgres, type PostgresProps, type Site, Size } from '../../../charts/index.ts';
import type { System } from '../../../charts/system.ts';
import { system } from '../fixture.ts';

/** A small database with all that is required, in a system of its own. */
export function postgres(
  props: Partial<PostgresProps> = {},
  site: Partial<Site> = {},
): { shop: System; database: Postgres } {
  const shop = system(site);
  const database = new Postgres(shop, 'database', {
    version: '16',
    instances: 3,
    cpu: Cpu.millis(500),
    memory: Size.gibibytes(2),
    storage: Size.gibibytes(20),
    backups: { full: '0 2 * * *', keep: Duration.days(30) },
    ...props,
  });
  return { shop, database };
}
