import { apiMetrics as store, webhookMetrics } from '../../../../apps/liquor-pos/metrics.ts';
import { apiMetrics as orders } from '../../../../apps/zapora/metrics.ts';
import type { MetricSource } from '../../../../charts/index.ts';
import type { AlertCase, Cases, RenderedAlert, Series } from '../case.ts';

/** From what each service is told how it answers; their rules name series, and their cases make these. */
const SOURCES: Readonly<Record<string, MetricSource | undefined>> = {
  'zapora/api': orders.source,
  'liquor-pos/api': store.source,
  'liquor-pos/webhooks': webhookMetrics.source,
};

const PER_MINUTE = 6000;
/** Long enough for every `for`. */
const LENGTH = 200;

/** Requests of which a share is bad, from the first minute on: windows that are longer see nothing else. */
function requests(alert: RenderedAlert, share: number): Series {
  const { series, source, within } = asked(alert);
  const rising = (perMinute: number) => `0+${perMinute}x${LENGTH}`;
  if (within !== undefined) {
    const { histogram } = source.latency!;
    return {
      [`${histogram}_count{${series}}`]: rising(PER_MINUTE),
      [`${histogram}_bucket{${series},le="${within}"}`]: rising(PER_MINUTE * (1 - share)),
    };
  }
  const [label] = source.errors.split(/[=!]/);
  return {
    [`${source.requests}{${series},${label}="200"}`]: rising(PER_MINUTE * (1 - share)),
    [`${source.requests}{${series},${label}="500"}`]: rising(PER_MINUTE * share),
  };
}

/** What the objective is asked of, and within which time; its words say it. */
function asked({ labels: { namespace, service, slo }, annotations }: RenderedAlert) {
  const source = SOURCES[`${namespace}/${service}`];
  if (!source)
    throw new Error(`${namespace}/${service} has the objective ${slo} and no source here; add it to SOURCES`);
  const within = /answered within ([\d.]+) s/.exec(`${annotations.description}`)?.[1];
  return { source, within, series: `namespace="${namespace}",job="${service}"` };
}

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
      // Nobody asks, which is known; or it is night, and nobody is there to be asked.
      quiet: rests
        ? { series: { ...gone(counted), ...pods(0) }, at: '50m' }
        : { series: Object.fromEntries(Object.keys(counted).map(name => [name, `7x${LENGTH}`])), at: '50m' },
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
  const { requests: name } = SOURCES[`${namespace}/${service}`]!;
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
