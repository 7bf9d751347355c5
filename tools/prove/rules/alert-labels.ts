import { alertsOf, PROMETHEUS_RULE } from '../promql/asked.ts';
import type { ObjectRule, Problem } from '../rule.ts';

const SEVERITIES = ['P1', 'P2', 'P3', 'none'];
const LABELS = ['namespace', 'service', 'team', 'system'];
const ANNOTATIONS = ['summary', 'description', 'runbook_url', 'dashboard_url', 'why'];

export const alertLabels: ObjectRule = {
  name: 'alert-labels',
  demands:
    'An alert has a name in CamelCase, a severity of P1, P2, P3 or none, the labels namespace, service, team and system, and says summary, description, runbook_url, dashboard_url and why.',
  kinds: [PROMETHEUS_RULE],
  check(manifest): Problem[] {
    return alertsOf(manifest).flatMap(({ alert, labels = {}, annotations = {} }) => {
      const problems: Problem[] = [];
      if (!/^([A-Z][a-z0-9]*)+$/.test(alert))
        problems.push({
          given: `the alert "${alert}" is not in CamelCase`,
          remedy: 'write words without a space, each with a capital',
        });
      const { severity } = labels;
      if (severity === undefined || !SEVERITIES.includes(severity))
        problems.push({
          given: `the alert ${alert} has the severity ${severity ?? '(none given)'}`,
          remedy: `write one of ${SEVERITIES.join(', ')}: nobody is told of another`,
        });
      const missing = [
        ...LABELS.filter(label => !labels[label]).map(label => `labels.${label}`),
        ...ANNOTATIONS.filter(annotation => !annotations[annotation]?.trim()).map(each => `annotations.${each}`),
      ];
      if (missing.length > 0)
        problems.push({
          given: `the alert ${alert} lacks ${missing.join(', ')}`,
          remedy: 'give it: whoever is woken reads nothing else',
        });
      return problems;
    });
  },
};
