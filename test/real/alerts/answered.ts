import type { Series } from './case.ts';
import { promtool } from './promtool.ts';
import type { Group } from './rules.ts';

/** What queries answer at a time: numbers, or an alert's name and whose it is. */
export type Expected = readonly [
  at: string,
  query: string,
  ...answers: (number | readonly [slo: string, alertname: string])[],
];

/**
 * Asks Prometheus after it has judged rules over series.
 * @param every the time between two values, and between two judgements
 * @returns what it answered otherwise; empty where all is as expected
 */
export async function answered(
  rules: readonly Group[],
  series: Series,
  expected: readonly Expected[],
  every = '1m',
): Promise<string> {
  const { ok: passed, said } = await promtool(['test', 'rules', 'test.yaml'], {
    'rules.yaml': { groups: rules },
    'test.yaml': {
      rule_files: ['rules.yaml'],
      evaluation_interval: every,
      group_eval_order: rules.map(({ name }) => name),
      tests: [
        {
          interval: every,
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          promql_expr_test: expected.map(([at, expr, ...answers]) => ({
            expr,
            eval_time: at,
            exp_samples: answers.map(answer =>
              typeof answer === 'number'
                ? { labels: '{}', value: answer }
                : { labels: `{slo="api-${answer[0]}", alertname="${answer[1]}"}`, value: 1 },
            ),
          })),
        },
      ],
    },
  });
  return passed ? '' : said;
}
