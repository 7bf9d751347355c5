import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { type Agreement, agreementsIn, stated } from '../agreement.ts';
import { closed } from '../closed.ts';
import type { Alert, Severity } from './alert.ts';
import { checkValues } from './checks.ts';

/** Another number for one alert, or another time, or another person. */
export interface Tuning extends Agreement {
  /** The alert's name: docs/alerts.md lists them. */
  readonly alert: string;
  /** In the unit that the alert has. @default the construct's own */
  readonly threshold?: number;
  /** How long it must hold. @default the construct's own */
  readonly for?: Duration;
  /** @default the construct's own */
  readonly severity?: Severity;
}

/** That one alert is not rendered at all. */
export interface Silence extends Agreement {
  /** The alert's name: docs/alerts.md lists them. */
  readonly alert: string;
}

const TUNING: Readonly<Record<keyof Tuning, true>> = {
  alert: true,
  threshold: true,
  for: true,
  severity: true,
  reason: true,
  owner: true,
  expires: true,
};
const TUNED = 'drydock:tuned-alert';
const SILENCED = 'drydock:silenced-alert';

/**
 * Tunes one alert of a workload, or of all below a construct.
 *
 * @throws where a field is missing or of another kind, nothing is tuned, or it was said here already. An alert that nobody has is refused
 *   at render.
 */
export function tune(scope: IConstruct, tuning: Tuning): void {
  const { path } = scope.node;
  closed(path, tuning, TUNING, 'tune.');
  stated(path, 'a tuned alert', tuning, ['alert']);
  checkValues(path, 'tune.', tuning);
  if (tuning.threshold === undefined && tuning.for === undefined && tuning.severity === undefined)
    throw new Error(`${path}: the tuning of ${tuning.alert} changes nothing; give threshold, for or severity`);
  onceAt(scope, tuning.alert);
  scope.node.addMetadata(TUNED, tuning);
}

/**
 * Takes one alert of a workload, or of all below a construct, out of what Prometheus judges.
 *
 * @throws where a field is missing, the day is none, or it was said here already. An alert that nobody has is refused at render.
 */
export function silence(scope: IConstruct, silenced: Silence): void {
  const { path } = scope.node;
  closed(path, silenced, { alert: true, reason: true, owner: true, expires: true }, 'silence.');
  stated(path, 'a silenced alert', silenced, ['alert']);
  onceAt(scope, silenced.alert);
  scope.node.addMetadata(SILENCED, silenced);
}

/** Of two words at one construct one would count for nothing. */
function onceAt({ node }: IConstruct, alert: string): void {
  const before = node.metadata.find(({ type, data }) => [TUNED, SILENCED].includes(type) && data.alert === alert);
  if (before === undefined) return;
  const is = before.type === TUNED ? 'tuned' : 'silenced';
  throw new Error(`${node.path}: ${alert} is ${is} here already; leave one of the two, with all that is meant`);
}

/** What was agreed of an alert: the nearest construct's word, whichever it is. */
export function agreedOf({ name }: Alert, scopes: readonly IConstruct[]): { silence?: Silence; tuning?: Tuning } {
  for (const { node } of scopes) {
    const word = node.metadata.find(({ type, data }) => [TUNED, SILENCED].includes(type) && data.alert === name);
    if (word) return word.type === SILENCED ? { silence: word.data } : { tuning: word.data };
  }
  return {};
}

/** All agreements about alerts in a tree, each with the path of the construct that carries it. */
export function alertAgreementsIn(root: IConstruct) {
  return [
    ...agreementsIn<Silence>(root, SILENCED).map(each => ({ ...each, is: 'silenced' as const })),
    ...agreementsIn<Tuning>(root, TUNED).map(each => ({ ...each, is: 'tuned' as const })),
  ];
}
