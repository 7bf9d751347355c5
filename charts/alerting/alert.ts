import type { Duration } from 'cdk8s';

/**
 * How fast a person must come. P1 wakes one, P2 is looked at within working hours, P3 becomes a ticket; `none` is for what
 * machines alone hear, such as the signal that alerting itself works.
 */
export const SEVERITIES = ['P1', 'P2', 'P3', 'none'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a person is told, when, and why just then. */
export interface Alert {
  /** In CamelCase, once for each service: `PostgresDown`. */
  readonly name: string;
  readonly severity: Severity;
  /** PromQL that names its namespace; a function where the number can be tuned: `limit => `up < ${limit}``. */
  readonly expr: string | ((threshold: number) => string);
  /** The number that `expr` is given, in the unit of what it compares. */
  readonly threshold?: number;
  /** How long it must hold. @default it fires at once */
  readonly for?: Duration;
  /** How long it goes on firing after the last time. @default not at all */
  readonly keepFiringFor?: Duration;
  /** What is wrong, in one line; Prometheus' templates may stand in it: `{{ $labels.pod }}`. */
  readonly summary: string;
  /** What somebody who was woken must know: the value that was found, and what users feel. */
  readonly description: string;
  /** Why this number and this time, and where they are from. docs/alerts.md shows it. */
  readonly why: string;
  /** The page below `runbooks/`, without `.md`; the anchor is the alert's name. */
  readonly runbook: string;
  /** More labels, such as `slo`. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A series that Prometheus computes beforehand. */
export interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Rules that are judged one after the other, so that an alert sees what the recordings before it made in the same round. */
export interface RuleGroup {
  /** What they are about: `pods`, `replication`. */
  readonly name: string;
  /** How often they are judged. @default Prometheus' own interval, 30 s */
  readonly interval?: Duration | undefined;
  readonly rules: readonly (Alert | Recording)[];
}

export function isAlert(rule: Alert | Recording): rule is Alert {
  return 'severity' in rule;
}
