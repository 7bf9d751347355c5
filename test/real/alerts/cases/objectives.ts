import type { AlertCase, Cases, RenderedAlert, Series } from '../case.ts';

const PER_MINUTE = 6000;
/** Long enough for every `for`. */
const LENGTH = 200;

/** Requests of which a share is bad, from the first minute on: windows that are longer see nothing else. */
function requests(alert: RenderedAlert, share: number): Series {
  const { labels, reads } = alert;
  const series = `namespace="${labels.namespace}",job="${labels.service}"`;
  const rising = (perMinute: number) => `0+${perMinute}x${LENGTH}`;
  // What is bad is told by one matcher more: of time, or of the answer's code.
  const told = reads.flatMap(({ metric, matchers }) =>
    matchers.filter(({ label }) => !OF_SERVICE.includes(label)).map(({ label, value }) => ({ metric, label, value })),
  );
  const bound = told.find(({ label }) => label === 'le');
  if (bound)
    return {
      [`${bound.metric.replace(/_bucket$/, '_count')}{${series}}`]: rising(PER_MINUTE),
      // A whole number is written in two ways: `2|2\\.0`.
      [`${bound.metric}{${series},le="${bound.value.split('|')[0]}"}`]: rising(PER_MINUTE * (1 - share)),
    };
  const [failed] = told;
  // Where only their number is read, all are alike.
  if (!failed) return { [`${askedOf(alert)}{${series}}`]: rising(PER_MINUTE) };
  const { metric, label } = failed;
  return {
    [`${metric}{${series},${label}="200"}`]: rising(PER_MINUTE * (1 - share)),
    [`${metric}{${series},${label}="500"}`]: rising(PER_MINUTE * share),
  };
}

/** The service's own counter. */
const askedOf = ({ reads }: RenderedAlert) =>
  reads.find(({ metric }) => !metric.includes(':') && !metric.startsWith('kube_'))!.metric;

/** What says whose series it is, and of which objective; the deployment is asked whether it rests. */
const OF_SERVICE = ['namespace', 'job', 'service', 'slo', 'deployment'];

function burns(alert: RenderedAlert): AlertCase {
  const { threshold = Number.NaN, for: held } = alert;
  const at = `${held / 60 + 10}m`;
  return {
    fires: { series: requests(alert, Math.min(1, threshold * 1.2)), at },
    quiet: { series: requests(alert, threshold * 0.8), at },
  };
}

/** Series of a service that had none for the last half hour. */
const gone = (series: Series): Series => Object.fromEntries(Object.keys(series).map(name => [name, '0+60x10 _x60']));

export const objectives: Cases = {
  ErrorBudgetBurnFast: burns,
  ErrorBudgetBurnMid: burns,
  ErrorBudgetBurnSlow: burns,
  ErrorBudgetBurnTrickle: burns,
  SliNoData: alert => {
    const { namespace, service } = alert.labels;
    const rests = alert.expr.includes('kube_deployment_spec_replicas');
    const pods = (count: number): Series =>
      rests
        ? { [`kube_deployment_spec_replicas{namespace="${namespace}",deployment="${service}"}`]: `${count}x${LENGTH}` }
        : {};
    const all = Object.entries(requests(alert, 0));
    const counted = Object.fromEntries(all.filter(([name]) => !name.includes('_bucket{')));
    return {
      fires: { series: { ...gone(counted), ...pods(2) }, at: '50m' },
      // Nobody asks, and that is known.
      quiet: {
        series: { ...Object.fromEntries(Object.keys(counted).map(name => [name, `7x${LENGTH}`])), ...pods(2) },
        at: '50m',
      },
      ...(!rests && { missing: 'fires' as const }),
    };
  },
  SliBadSeriesMissing: alert => {
    const counted = requests(alert, 0);
    const [count = ''] = Object.keys(counted);
    return { fires: { series: { [count]: counted[count]! }, at: '30m' }, quiet: { series: counted, at: '30m' } };
  },
};

/** Four hours with so many requests each, where so many are usual; what is usual is proven apart, since it takes three weeks. */
function unusual(alert: RenderedAlert, share: number): Series {
  const { namespace, service } = alert.labels;
  const name = askedOf(alert);
  return {
    [`anomaly:events:increase1h_usual{namespace="${namespace}",service="${service}",series="${name}"}`]: '6000x240',
    [`${name}{namespace="${namespace}",job="${service}"}`]: `0+${100 * share}x240`,
  };
}

export const anomalies: Cases = {
  FewerThanUsual: alert => ({
    fires: { series: unusual(alert, alert.threshold! * 0.9), at: '3h' },
    quiet: { series: unusual(alert, alert.threshold! * 1.1), at: '3h' },
  }),
  MoreThanUsual: alert => ({
    fires: { series: unusual(alert, alert.threshold! * 1.1), at: '3h' },
    quiet: { series: unusual(alert, alert.threshold! * 0.9), at: '3h' },
  }),
};
