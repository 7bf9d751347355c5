import { Duration } from 'cdk8s';
import type { Alert } from '../../alerting/alert.ts';
import { ARCHIVED_WITHIN_SECONDS } from '../freshness.ts';
import { leading, of, type Servers } from './watched.ts';

/** Whether WAL reaches the archive; nothing where there is none, or nobody here writes. */
export function archiveAlerts(servers: Servers): Alert[] {
  if (!servers.archives || servers.follows) return [];
  const { name } = servers;
  const series = of(servers);
  return [
    {
      name: 'PostgresWalArchivingFailing',
      severity: 'P1',
      expr: `increase(pg_stat_archiver_failed_count{${series}}[10m]) > 0 and increase(pg_stat_archiver_archived_count{${series}}[10m]) == 0 and ${leading(servers)}`,
      for: Duration.minutes(5),
      summary: `The archive takes no WAL of ${name}`,
      description:
        'Attempts fail and none succeeds. What is not archived is lost with the volumes, and WAL fills the volume of the leader.',
      why: 'A segment is due every thirty seconds (archive_timeout): in ten minutes none of twenty got through. One that fails alone is tried again.',
      runbook: 'postgres/archive-failing',
    },
    {
      name: 'PostgresWalArchiveStale',
      severity: 'P2',
      threshold: ARCHIVED_WITHIN_SECONDS,
      expr: limit => `pg_stat_archiver_last_archive_age{${series}} > ${limit} and ${leading(servers)}`,
      for: Duration.minutes(5),
      summary: `The archive of ${name} is behind`,
      description:
        'The newest WAL arrived {{ $value | humanizeDuration }} ago: so much is lost with all volumes, and regions that follow are as far behind.',
      why: 'A row comes every minute and WAL leaves every thirty seconds (archive_timeout); a restore proof takes 180 seconds as red.',
      runbook: 'postgres/archive-failing',
    },
    {
      name: 'PostgresWalNeverArchived',
      severity: 'P2',
      expr: `pg_stat_archiver_archived_count{${series}} == 0 and ${leading(servers)}`,
      for: Duration.minutes(10),
      summary: `The leader of ${name} has archived nothing yet`,
      description:
        '{{ $labels.pod }} leads, and no segment of its went to the archive since its server began. Its age cannot be told.',
      why: 'A new leader has no age of its last segment, so PostgresWalArchiveStale cannot see it. Within ten minutes twenty segments are due.',
      runbook: 'postgres/archive-failing',
    },
  ];
}
