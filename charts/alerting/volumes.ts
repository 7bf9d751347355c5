import { Duration, type Size } from 'cdk8s';
import type { Workload } from '../workload.ts';
import type { Alert } from './alert.ts';

/** How full the volumes of a StatefulSet are, as the kubelet of their node sees it. */
export function volumeAlerts(
  { namespace }: Pick<Workload, 'namespace'>,
  { claims, size }: { readonly claims: string; readonly size: Size },
): Alert[] {
  const its = `{namespace="${namespace}",persistentvolumeclaim=~"${claims}"}`;
  const free = `kubelet_volume_stats_available_bytes${its} / (kubelet_volume_stats_capacity_bytes${its} > 0)`;
  const of = (share: number) => `${gibibytes(size.toMebibytes() * share)} of ${gibibytes(size.toMebibytes())}`;
  const runbook = 'kubernetes/volumes';
  const said = '{{ $value | humanizePercentage }} of it is free.';
  return [
    {
      name: 'VolumeAlmostFull',
      severity: 'P2',
      threshold: 0.1,
      expr: limit => `${free} < ${limit}`,
      for: Duration.minutes(5),
      summary: '{{ $labels.persistentvolumeclaim }} is almost full',
      description: `${said} Full, nothing can be written.`,
      why: `A tenth: ${of(0.1)} GiB. Time to enlarge it in working hours.`,
      runbook,
    },
    {
      name: 'VolumeCritical',
      severity: 'P1',
      threshold: 0.03,
      expr: limit => `${free} < ${limit}`,
      for: Duration.minutes(1),
      summary: '{{ $labels.persistentvolumeclaim }} is about to be full',
      description: `${said} Full, nothing can be written, and a server may not start again.`,
      why: `${of(0.03)} GiB: enlarging it takes minutes, and so may the rest.`,
      runbook,
    },
    {
      name: 'VolumeFullSoon',
      severity: 'P2',
      threshold: 24,
      expr: hours =>
        `${free} < 0.25 and predict_linear(kubelet_volume_stats_available_bytes${its}[6h], ${hours} * 3600) < 0`,
      for: Duration.minutes(30),
      summary: '{{ $labels.persistentvolumeclaim }} will be full within a day',
      description: `${said} As fast as in the last six hours, the rest is gone within a day.`,
      why: 'The line through six hours, 24 hours on; said only where less than a quarter is free, and for half an hour: a restore or an index fills a disk and stops.',
      runbook,
    },
    {
      name: 'VolumeInodesLow',
      severity: 'P2',
      threshold: 0.05,
      expr: limit => `kubelet_volume_stats_inodes_free${its} / (kubelet_volume_stats_inodes${its} > 0) < ${limit}`,
      for: Duration.minutes(15),
      summary: '{{ $labels.persistentvolumeclaim }} can hold hardly any more files',
      description:
        '{{ $value | humanizePercentage }} of its inodes are free. At none nothing new is made, however much space is left.',
      why: 'One in twenty. A file system that does not count inodes says 0 of 0, and is left out.',
      runbook,
    },
  ];
}

/** At most one digit after the point, for people. */
function gibibytes(mebibytes: number): string {
  return String(+(mebibytes / 1024).toFixed(1));
}
