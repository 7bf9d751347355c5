import type { Cases } from '../case.ts';
import { archive } from './postgres/archive.ts';
import { backups } from './postgres/backups.ts';
import { migrations } from './postgres/migrations.ts';
import { patroni } from './postgres/patroni.ts';
import { pooler } from './postgres/pooler.ts';
import { replication } from './postgres/replication.ts';
import { servers } from './postgres/servers.ts';

export const postgres: Cases = {
  ...servers,
  ...replication,
  ...archive,
  ...patroni,
  ...pooler,
  ...backups,
  ...migrations,
};
