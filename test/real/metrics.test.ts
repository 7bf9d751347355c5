import { beforeAll, describe, expect, test } from 'vitest';
import { BLACKBOX_EXPORTER } from '../../tools/prove/promql/catalogue/blackbox-exporter.ts';
import { HAPROXY } from '../../tools/prove/promql/catalogue/haproxy.ts';
import { KUBE_STATE_METRICS } from '../../tools/prove/promql/catalogue/kube-state-metrics.ts';
import { PATRONI } from '../../tools/prove/promql/catalogue/patroni.ts';
import { PGBOUNCER_EXPORTER } from '../../tools/prove/promql/catalogue/pgbouncer-exporter.ts';
import { POSTGRES_EXPORTER } from '../../tools/prove/promql/catalogue/postgres-exporter.ts';
import { PROMETHEUS } from '../../tools/prove/promql/catalogue/prometheus.ts';
import { REDIS_EXPORTER } from '../../tools/prove/promql/catalogue/redis-exporter.ts';
import { committedRules } from './alerts/rules.ts';
import { probes } from './metrics/blackbox.ts';
import { catalogued, disagreements, seenOf } from './metrics/catalogue.ts';
import { type DatabaseAnswers, database, sentinels, shards } from './metrics/data-tier.ts';
import { exposition, type Seen } from './metrics/exposition.ts';
import { stateOf } from './metrics/kube-state-metrics.ts';
import { prometheus } from './metrics/prometheus.ts';
import { usedBy } from './metrics/used.ts';
import { unavailable } from './pods/requirements.ts';

/**
 * What alerts read is there: the real exporters tell of real servers, and each metric with each label that a rule of `dist/` goes by is
 * seen, as the catalogue of the laws has it.
 */
const why = unavailable();
if (why) console.warn(`metrics.test.ts: ${why}; nothing here is tested`);

/** Labels that Prometheus adds when it asks whom a monitor names; kube-state-metrics' own go before them (`honorLabels`). */
const ADDED_TO_OWN = new Set(['job', 'instance', 'endpoint', 'cluster']);
/** Labels that Prometheus adds when it asks a pod. */
const ADDED = new Set([...ADDED_TO_OWN, 'namespace', 'pod', 'container', 'service']);

const used = usedBy(committedRules());

describe.skipIf(why)('a database', () => {
  let answers: DatabaseAnswers;
  beforeAll(async () => {
    answers = await database();
  }, 240_000);
  describe('postgres_exporter', () => judged(POSTGRES_EXPORTER, () => exposition(answers.exporter)));
  describe('Patroni', () => judged(PATRONI, () => exposition(answers.patroni)));
  describe('pgbouncer_exporter', () => judged(PGBOUNCER_EXPORTER, () => exposition(answers.pooler)));
});

describe.skipIf(why)('caches', () => {
  let answers: { exporter: string; proxy: string; shards: string };
  beforeAll(async () => {
    answers = { ...(await sentinels()), shards: await shards() };
  }, 240_000);
  describe('redis_exporter', () => judged(REDIS_EXPORTER, () => exposition(answers.exporter, answers.shards)));
  describe('HAProxy', () => judged(HAPROXY, () => exposition(answers.proxy)));
});

describe('a control plane', () => {
  let answer: string;
  beforeAll(async () => {
    answer = await stateOf(['us-east-1a/platform', 'us-east-1a/zapora'], '1.35');
  }, 240_000);
  describe('kube-state-metrics', () => judged(KUBE_STATE_METRICS, () => exposition(answer), ADDED_TO_OWN));
});

describe('Prometheus', () => {
  let answer: string;
  beforeAll(async () => {
    answer = await prometheus();
  });
  // Alertmanager's own are seen in alertmanager.test.ts, alerts as series in alerts.test.ts; Node's are of services. Newer releases than
  // Debian's tell of tags where they say what they are.
  const own = PROMETHEUS.split('\n').filter(
    line => !/^(alertmanager_|ALERTS|nodejs_|prometheus_build_info)/.test(line),
  );
  judged(own.join('\n'), () => exposition(answer));
});

describe('blackbox_exporter', () => {
  let answers: { secure: string; plain: string };
  beforeAll(async () => {
    answers = await probes('us-east-1a');
  });
  judged(BLACKBOX_EXPORTER, () => exposition(answers.secure));

  test('a host that answers without TLS is not well', () => {
    expect(answers.secure).toMatch(/^probe_success 1$/m);
    expect(answers.plain).toMatch(/^probe_success 0$/m);
  });
});

/** @param added labels that are not the exporter's own */
function judged(catalogue: string, answers: () => Seen, added: ReadonlySet<string> = ADDED): void {
  const metrics = catalogued(catalogue);

  test('the catalogue has what it tells', () => {
    expect(metrics.filter(metric => seenOf(answers(), metric)).length).toBeGreaterThan(5);
    expect(disagreements(metrics, answers())).toEqual([]);
  });

  test('what rules read is there', () => {
    const seen = answers();
    const names = new Set(metrics.map(({ name }) => name));
    const faults = [...used].flatMap(([name, { labels, by }]) => {
      if (!names.has(name.replace(/_(bucket|sum|count)$/, '')) && !names.has(name)) return [];
      const real = seen.get(name);
      if (real === undefined) return [`${name} is not there, for ${by}`];
      const lacking = [...labels].filter(label => !added.has(label) && !real.labels.has(label));
      return lacking.map(label => `${name} has no label ${label}, for ${by}`);
    });
    expect(faults).toEqual([]);
  });
}
