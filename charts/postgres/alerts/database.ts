import type { RuleGroup } from '../../alerting/alert.ts';
import type { Backups } from '../backups.ts';
import { archiveAlerts } from './archive.ts';
import { backupRules } from './backups.ts';
import { changeAlerts, leaderAlerts, memberAlerts } from './patroni.ts';
import { replicationAlerts } from './replication.ts';
import { serverAlerts, sessionAlerts } from './servers.ts';
import type { Servers } from './watched.ts';

/** All that is judged about a database's servers; poolers and proofs have their own. */
export function databaseAlerts(servers: Servers, backups: Backups | undefined): RuleGroup[] {
  return [
    { name: 'servers', rules: serverAlerts(servers) },
    { name: 'sessions', rules: sessionAlerts(servers) },
    { name: 'replication', rules: replicationAlerts(servers) },
    { name: 'patroni', rules: [...leaderAlerts(servers), ...memberAlerts(servers), ...changeAlerts(servers)] },
    { name: 'archive', rules: archiveAlerts(servers) },
    // Where it follows, schedules are suspended.
    ...(backups && !servers.follows ? [backupRules(servers, backups)] : []),
  ];
}
