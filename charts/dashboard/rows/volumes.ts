import type { Row } from '../panel.ts';

/** The volumes of a StatefulSet. @param names of their claims, as a regular expression */
export function volumesRow(namespace: string, names: string): Row {
  const claims = `namespace="${namespace}",persistentvolumeclaim=~"${names}"`;
  const by = 'by (persistentvolumeclaim)';
  const legend = '{{persistentvolumeclaim}}';
  return {
    title: 'Volumes',
    panels: [
      {
        title: 'Free space',
        unit: 'percentunit',
        queries: [
          {
            expr: `min ${by} (kubelet_volume_stats_available_bytes{${claims}}) / (max ${by} (kubelet_volume_stats_capacity_bytes{${claims}}) > 0)`,
            legend,
          },
        ],
        limit: 0.1,
      },
      {
        title: 'Used',
        unit: 'bytes',
        queries: [{ expr: `max ${by} (kubelet_volume_stats_used_bytes{${claims}})`, legend }],
      },
      {
        title: 'Free space in a day, if it goes on as in the last six hours',
        unit: 'bytes',
        queries: [
          {
            expr: `min ${by} (predict_linear(kubelet_volume_stats_available_bytes{${claims}}[6h], 24 * 3600))`,
            legend,
          },
        ],
        limit: 0,
      },
    ],
  };
}
