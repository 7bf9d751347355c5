import type { AlertCase, Series } from './case.ts';
import type { TestedAlert } from './rules.ts';

/** What is asked of an alert at a time. */
export type Asked = 'fires' | 'quiet' | 'missing';

const DAY = '1d';

/**
 * The files of promtool's unit test of one alert: its rules, and a group for each case. At its time the alert must be firing with exactly
 * the labels that its rule stamps, and what its words say of a series (`{{ $labels.pod }}`) must be a label that the series has.
 *
 * @param folder in which they stand
 * @param only which cases. @default all
 */
export function unitTest(
  folder: string,
  { alert, groups }: TestedAlert,
  { interval = '1m', fires, also = [], quiet, missing }: AlertCase,
  only: readonly Asked[] = ['fires', 'quiet', 'missing'],
): Readonly<Record<string, unknown>> {
  const group = (asked: Asked, series: Series, at: string, every: string, expected: readonly unknown[]) => ({
    name: asked,
    interval: every,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: expected.map(each => ({ eval_time: at, ...(each as object) })),
  });
  const tests = {
    fires: [fires, ...also].map(({ series, at }) =>
      group('fires', series, at, interval, [firing(alert), ...said(alert)]),
    ),
    quiet:
      quiet !== 'never' &&
      [quiet].flat().map(({ series, at }) => group('quiet', series, at, interval, [silent(alert)])),
    // Coarser: nothing moves, and a day is long.
    missing: group('missing', {}, DAY, '5m', [missing === 'fires' ? firing(alert) : silentFor(alert, DAY)]),
  };
  const chosen = only.map(asked => [tests[asked] || []].flat()).filter(groups => groups.length > 0);
  return {
    [`${folder}/rules.yaml`]: { groups },
    ...Object.fromEntries(
      chosen.map(tests => [
        `${folder}/${tests[0]!.name}.yaml`,
        {
          rule_files: ['rules.yaml'],
          evaluation_interval: tests[0]!.name === 'missing' ? '5m' : '1m',
          // Otherwise promtool takes them in any order, and an alert may see its recordings a round late.
          group_eval_order: groups.map(({ name }) => name),
          tests,
        },
      ]),
    ),
  };
}

type Alert = TestedAlert['alert'];

function firing({ name, labels }: Alert) {
  const stamped = Object.entries(labels).filter(([, value]) => !value.includes('{{'));
  const by = stamped.map(([label]) => label).join(', ');
  const expected = stamped.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(', ');
  return {
    expr: `group by (${by}) (ALERTS{alertname="${name}", alertstate="firing"})`,
    exp_samples: [{ labels: `{${expected}}`, value: 1 }],
  };
}

function silent({ name }: Alert) {
  return { expr: `ALERTS{alertname="${name}", alertstate="firing"}`, exp_samples: [] };
}

function silentFor({ name }: Alert, time: string) {
  return { expr: `max_over_time(ALERTS{alertname="${name}", alertstate="firing"}[${time}])`, exp_samples: [] };
}

/** That no label which its words name is empty in what it found: the rule's own labels are not among those that they see. */
function said({ expr, annotations }: Alert) {
  const words = `${annotations.summary} ${annotations.description}`;
  const named = new Set([...words.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label!));
  return [...named].map(label => ({
    expr: `group by (${label}) (${expr}) and on (${label}) vector(1)`,
    exp_samples: [],
  }));
}
