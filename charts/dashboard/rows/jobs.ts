import type { Row } from '../panel.ts';

/** What runs on a schedule in some namespaces. @param namespaces a matcher: `namespace=~"shop|shop-data"` */
export function jobsRow(namespaces: string): Row {
  const legend = '{{cronjob}}';
  return {
    title: 'Jobs',
    panels: [
      {
        title: 'Time since the last success',
        unit: 's',
        queries: [
          {
            expr: `time() - max by (cronjob) (kube_cronjob_status_last_successful_time{${namespaces}})`,
            legend,
          },
        ],
      },
      {
        title: 'Failed runs that are still there',
        unit: 'short',
        queries: [
          {
            expr: `max by (job_name) (kube_job_failed{${namespaces},condition="true"}) > 0`,
            legend: '{{job_name}}',
          },
        ],
      },
      {
        title: 'How long runs took',
        unit: 's',
        queries: [
          {
            expr: `max by (job_name) (kube_job_status_completion_time{${namespaces}} - kube_job_status_start_time{${namespaces}})`,
            legend: '{{job_name}}',
          },
        ],
      },
    ],
  };
}
