import type { Duration } from 'cdk8s';
import type { Alert } from '../alerting/alert.ts';
import type { Workload } from '../workload.ts';

/** What becomes of a migration, by what Kubernetes says of its two jobs. */
export function migrationAlerts(
  { name, namespace }: Pick<Workload, 'name' | 'namespace'>,
  { writes, deadline }: { readonly writes: 'go on' | 'stop'; readonly deadline: Duration },
): Alert[] {
  const failed = (job: string) =>
    `max by (namespace, job_name) (kube_job_failed{namespace="${namespace}",job_name="${job}",condition="true"}) == 1`;
  return [
    {
      name: 'MigrationFailed',
      severity: 'P2',
      expr: failed(name),
      summary: `The migration ${name} failed`,
      description:
        writes === 'stop'
          ? 'The sync failed. What it did is taken back, and services go on as they were.'
          : 'The sync failed. Services go on as they were, on a database that may be half changed.',
      why: `It has one attempt, and ${deadline.toMinutes()} minutes for it: what failed stays so. No P1, since what serves is what served before.`,
      runbook: 'postgres/migration-failed',
    },
    {
      name: 'MigrationNotTakenBack',
      severity: 'P1',
      expr: failed(`${name}-undo`),
      summary: `A failed migration ${name} was not taken back`,
      description:
        writes === 'stop'
          ? 'The job that puts the copy back and lets clients in again has failed: they may still be held back.'
          : 'The job that ends what the migration began has failed: the next migration finds it open.',
      why: 'It has three attempts, each of which looks first what is to be done; all three failed.',
      runbook: 'postgres/migration-failed',
    },
  ];
}
