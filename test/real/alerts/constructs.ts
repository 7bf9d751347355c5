import type { PrometheusRule } from '../../../imports/custom.ts';
import { layer } from '../redis/fixture.ts';
import { type RuleFile, ruleFile } from './rules.ts';

/** The rules of what constructs can, and no cluster has: a Redis with a proxy before it that evicts nothing. */
export function rulesOfConstructs(): RuleFile[] {
  return layer()
    .all<PrometheusRule>('PrometheusRule')
    .map(rule => ruleFile(`no cluster/shop/PrometheusRule.${rule.metadata?.name}.yaml`, rule));
}
