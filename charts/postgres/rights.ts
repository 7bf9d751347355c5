import type { Right } from '../rights.ts';

/**
 * What Patroni asks of the API server, and nothing else: measured from the audit log of a real one (test/real/postgres.test.ts). Objects of
 * its own are named; what lists, watches or creates cannot be. It never updates or deletes, and reads one object only, the leader's,
 * after a conflict.
 */
export function rights(scope: string, pods: readonly string[]): Right[] {
  const object = (what: string) => `${scope}-${what}`;
  return [
    { verbs: ['create', 'list', 'watch'], resources: ['configmaps'] },
    { verbs: ['patch'], resources: ['configmaps'], names: ['config', 'failover', 'leader', 'sync'].map(object) },
    { verbs: ['get'], resources: ['configmaps'], names: [object('leader')] },
    { verbs: ['list', 'watch'], resources: ['pods'] },
    { verbs: ['patch'], resources: ['pods'], names: pods },
  ];
}
