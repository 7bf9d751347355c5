import type { System } from '../../../charts/index.ts';
import type { PrometheusRule } from '../../../imports/custom.ts';
import { rendered } from '../fixture.ts';

/** An alert as it is rendered. */
export interface Found {
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The alerts of one workload, by name. */
export function alertsOf(system: System, workload: string): Record<string, Found> {
  const { spec } = rendered(system).objects[`PrometheusRule ${workload}`] as unknown as PrometheusRule;
  const rules = spec!.groups!.flatMap(({ rules = [] }) => rules).filter(({ alert }) => alert !== undefined);
  return Object.fromEntries(rules.map(rule => [rule.alert, rule as unknown as Found]));
}
