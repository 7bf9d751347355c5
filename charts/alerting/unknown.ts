import type { IConstruct } from 'constructs';
import type { Agreement } from '../agreement.ts';
import { alertAgreementsIn } from './agreed.ts';
import { Rules } from './rules.ts';

/** What was agreed of one alert, and where. */
export interface AgreedAlert extends Agreement {
  readonly alert: string;
  readonly is: 'silenced' | 'tuned';
  /** Path of the construct that carries it. */
  readonly construct: string;
  /** Paths of the rules that have the alert, with a threshold where that is tuned; none where nobody has it. */
  readonly rules: readonly string[];
}

/** All that was agreed of alerts in a tree. */
export function agreedAlerts(root: IConstruct): AgreedAlert[] {
  const all = rulesIn(root);
  return alertAgreementsIn(root).map(({ alert, is, construct, reason, owner, expires, ...word }) => {
    const numbered = 'threshold' in word && word.threshold !== undefined;
    const having = all.filter(
      rules =>
        stands(rules, construct) &&
        rules.alerts.some(({ name, expr }) => name === alert && (!numbered || typeof expr !== 'string')),
    );
    return { alert, is, construct, reason, owner, expires, rules: having.map(({ node }) => node.path) };
  });
}

/** What was agreed of alerts that nobody has, below whom it was said: a misspelt silence would silence nothing. */
export function unknownAlerts(root: IConstruct) {
  return agreedAlerts(root)
    .filter(({ rules }) => rules.length === 0)
    .map(({ alert, is, construct }) => {
      const below = rulesIn(root).filter(rules => stands(rules, construct));
      const names = new Set(below.flatMap(({ alerts }) => alerts.map(({ name }) => name)));
      if (names.has(alert))
        return {
          construct,
          alert,
          given: `${alert} is tuned to another threshold, and has none`,
          remedy: 'tune for or severity, or silence it',
        };
      return {
        construct,
        alert,
        given: `${alert} is ${is}, and no alert here is called so`,
        remedy: `name one of docs/alerts.md${names.size > 0 ? `: ${[...names].sort().join(', ')}` : ''}`,
      };
    });
}

function rulesIn(root: IConstruct): Rules[] {
  return root.node.findAll().filter(construct => construct instanceof Rules);
}

function stands({ scopes }: Rules, construct: string): boolean {
  return scopes.some(({ node }) => node.path === construct);
}
