import { proveUnit } from '../../../tools/prove/index.ts';
import type { Runbooks } from '../../../tools/prove/runbooks.ts';
import { alert, dashboard, rules } from './good/monitoring.ts';
import type { Loose } from './good/parts.ts';
import { goodObjects, unitOf } from './good-unit.ts';

/** What the laws say of the good unit with rules and a dashboard, after a change, as `rule: given; remedy`. */
export function told(
  change: (it: { rules: Loose[]; prometheusRule: Loose; dashboard: Loose; monitor: Loose }) => void,
  runbooks?: Runbooks,
): string[] {
  const objects = goodObjects();
  const monitor = objects.find(({ kind }) => kind === 'PodMonitor');
  const prometheusRule = rules();
  const shown = dashboard();
  change({ rules: prometheusRule.spec.groups[0].rules, prometheusRule, dashboard: shown, monitor });
  const unit = unitOf([...objects, prometheusRule, shown], runbooks && { runbooks });
  return proveUnit(unit).map(({ rule, given, remedy }) => `${rule}: ${given}; ${remedy}`);
}

/** What they say of one alert beside the good ones. */
export function toldOf(expr: string, more: Loose = {}): string[] {
  return told(it => it.rules.push(alert('Odd', expr, more)));
}
