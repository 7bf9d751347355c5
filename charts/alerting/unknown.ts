import type { IConstruct } from 'constructs';
import { alertAgreementsIn } from './agreed.ts';
import { Rules } from './rules.ts';

/** What was agreed of alerts that nobody has, below whom it was said: a misspelt silence would silence nothing. */
export function unknownAlerts(root: IConstruct): string[] {
  const all = root.node.findAll().filter(construct => construct instanceof Rules);
  return alertAgreementsIn(root).flatMap(({ alert, is, construct }) => {
    const below = all.filter(({ scopes }) => scopes.some(({ node }) => node.path === construct));
    const names = below.flatMap(({ alerts }) => alerts.map(({ name }) => name));
    if (names.includes(alert)) return [];
    return [
      `${construct}: ${alert} is ${is}, and no alert here is called so; name one of docs/alerts.md${names.length > 0 ? `: ${[...new Set(names)].sort().join(', ')}` : ''}`,
    ];
  });
}
