import { Duration } from 'cdk8s';
import { seriesOf } from '../metrics.ts';
import type { Workload } from '../workload.ts';
import type { Alert, Recording, RuleGroup } from './alert.ts';

/** What happened in the last hour; the label `series` says what. */
const NOW = 'anomaly:events:increase1h';
/** In the same hour of the weeks before. */
const USUAL = 'anomaly:events:increase1h_usual';

/** So many weeks make a median that one holiday cannot move. Prometheus keeps a little more in production. */
const WEEKS = 3;
/** Below so many an hour chance alone halves or doubles a number. */
const LEAST = 100;

const RUNBOOK = 'objectives/anomaly';

/**
 * What is unusual for the hour of the week: requests, and whatever else the service counts of its own trade. Nobody is woken for
 * it; it shows what no limit does, such as a shop that answers everything and sells nothing.
 */
export function anomalies(workload: Workload): RuleGroup[] {
  const { source, declares = [] } = workload.metrics ?? {};
  const { site } = workload.system;
  // Elsewhere nobody comes by the clock.
  if (source === undefined || site.tier !== 'production' || site.role === 'standby') return [];
  const counters = [source.requests, ...declares.filter(({ type }) => type === 'counter').map(({ name }) => name)];
  const its = `namespace="${workload.namespace}",service="${workload.name}"`;
  return [
    {
      name: 'anomalies',
      interval: Duration.minutes(2),
      rules: [
        ...counters.map(name => hourOf(name, seriesOf(workload))),
        ...counters.map(name => usual(name, its)),
        ...alerts(its),
      ],
    },
  ];
}

function hourOf(name: string, series: string): Recording {
  return { record: NOW, expr: `sum(increase(${name}{${series}}[1h]))`, labels: { series: name } };
}

/** The median of the weeks before; nothing while there are fewer, or while there is hardly anything to count. */
function usual(name: string, its: string): Recording {
  const weeks = Array.from({ length: WEEKS }, (_, index) => index + 1)
    .map(week => `label_replace(${NOW}{${its},series="${name}"} offset ${week}w, "week", "${week}", "", "")`)
    .join(' or ');
  return {
    record: USUAL,
    expr: `(quantile(0.5, ${weeks}) and count(${weeks}) == ${WEEKS}) > ${LEAST}`,
    labels: { series: name },
  };
}

function alerts(its: string): Alert[] {
  const common = { severity: 'P3', for: Duration.minutes(30), runbook: RUNBOOK } as const;
  const share = `${NOW}{${its}} / ${USUAL}{${its}}`;
  const why = `of the median of this hour in the last ${WEEKS} weeks; below ${LEAST} an hour chance alone would do that, and is left out`;
  return [
    {
      ...common,
      name: 'FewerThanUsual',
      threshold: 0.3,
      expr: limit => `${share} < ${limit}`,
      summary: 'There is far less of {{ $labels.series }} than in other weeks',
      description: '{{ $value | humanizePercentage }} of what is usual at this hour of the week.',
      why: `Less than 30 % ${why}.`,
    },
    {
      ...common,
      name: 'MoreThanUsual',
      threshold: 3,
      expr: limit => `${share} > ${limit}`,
      summary: 'There is far more of {{ $labels.series }} than in other weeks',
      description: '{{ $value | humanizePercentage }} of what is usual at this hour of the week.',
      why: `More than three times ${why}.`,
    },
  ];
}
