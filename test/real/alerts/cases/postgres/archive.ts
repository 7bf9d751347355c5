import type { Cases, Series } from '../../case.ts';
import { leads, of, pod, steady } from './members.ts';

export const archive: Cases = {
  PostgresWalArchivingFailing: archiving('failed_count', '0+1x60', 'archived_count', ['7x60', '7+2x60']),
  PostgresWalArchiveStale: steady(
    (alert, limit) => ({ ...of(alert, 'pg_stat_archiver_last_archive_age', limit + 1, 0), ...leads(alert, 0) }),
    (alert, limit) => ({ ...of(alert, 'pg_stat_archiver_last_archive_age', limit, limit + 1), ...leads(alert, 0) }),
  ),
  PostgresWalNeverArchived: steady(
    alert => ({ ...of(alert, 'pg_stat_archiver_archived_count', 0, 5), ...leads(alert, 0) }),
    alert => ({ ...of(alert, 'pg_stat_archiver_archived_count', 5, 0), ...leads(alert, 0) }),
  ),
};

function archiving(
  bad: string,
  rising: string,
  good: string,
  [stands, goes]: readonly [string, string],
): Cases[string] {
  return alert => {
    const series = (values: string): Series => ({
      [`pg_stat_archiver_${bad}{${pod(alert, 0)}}`]: rising,
      [`pg_stat_archiver_${good}{${pod(alert, 0)}}`]: values,
      ...leads(alert, 0),
    });
    return { fires: { series: series(stands), at: '20m' }, quiet: { series: series(goes), at: '20m' } };
  };
}
