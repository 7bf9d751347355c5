import { type Alert, Duration } from '../../../charts/index.ts';

const PHASE = 'status_phase{job="kube-state-metrics"';
const OF_ITS_OWN = { namespace: '{{ $labels.namespace }}' };

/** Volumes that are not what a pod counts on. How full they are, each workload’s own alerts tell. */
export function volumes(): Alert[] {
  return [
    {
      name: 'PersistentVolumeFailed',
      severity: 'P2',
      expr: `kube_persistentvolume_${PHASE},phase="Failed"} == 1`,
      for: Duration.minutes(5),
      summary: 'The volume {{ $labels.persistentvolume }} has failed',
      description:
        'The driver could not give it back or make it usable. Nothing runs on it; its disk in the cloud costs and may hold data.',
      why: 'The phase does not pass by itself; five minutes leave out what is seen once.',
      runbook: 'platform/volumes',
    },
    {
      name: 'PersistentVolumeClaimLost',
      severity: 'P1',
      expr: `kube_persistentvolumeclaim_${PHASE},phase="Lost"} == 1`,
      for: Duration.minutes(5),
      labels: OF_ITS_OWN,
      summary: 'The claim {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} has lost its volume',
      description:
        'The volume that it was bound to is no longer in the cluster. Its pod goes on until it restarts, and then does not start.',
      why: 'Somebody deleted a volume that is in use. As long as the pod runs its data can be saved.',
      runbook: 'platform/volumes',
    },
    {
      name: 'PersistentVolumeClaimPending',
      severity: 'P2',
      expr: `kube_persistentvolumeclaim_${PHASE},phase="Pending"} == 1`,
      for: Duration.minutes(30),
      labels: OF_ITS_OWN,
      summary: 'The claim {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} gets no volume',
      description: 'Its pod waits for it and does not start.',
      why: 'A volume is made when its pod is placed, within a minute; half an hour also covers a node that is bought first.',
      runbook: 'platform/volumes',
    },
  ];
}
