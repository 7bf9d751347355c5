/**
 * What of Alertmanager's configuration is written here (prometheus.io/docs/alerting/latest/configuration): nothing that
 * 0.25 does not know yet, so that the packaged amtool judges it.
 */
export interface Config {
  readonly global: Readonly<Record<string, string>>;
  readonly templates: readonly string[];
  readonly route: Route;
  readonly inhibit_rules: readonly InhibitRule[];
  readonly receivers: readonly Receiver[];
  readonly time_intervals: readonly TimeInterval[];
}

/** An alert goes down the first route that matches, and on to the next one where that says `continue`. Times as Prometheus writes them. */
export interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly continue?: boolean;
  /** Alerts that are equal in these are one message. @default the parent's, as all below */
  readonly group_by?: readonly string[];
  /** How long the first alert of a group waits for others. */
  readonly group_wait?: string;
  /** How soon a group tells what is new in it. */
  readonly group_interval?: string;
  /** How soon it says again what it said. */
  readonly repeat_interval?: string;
  readonly mute_time_intervals?: readonly string[];
  readonly routes?: readonly Route[];
}

/** While an alert of the sources fires, those of the targets that are equal to it in some labels are not told. */
export interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  /** A label that both lack counts as equal. */
  readonly equal: readonly string[];
}

export interface Receiver extends Channels {
  readonly name: string;
}

export interface Channels {
  readonly pagerduty_configs?: readonly object[];
  readonly sns_configs?: readonly object[];
  readonly email_configs?: readonly object[];
  readonly slack_configs?: readonly object[];
  readonly webhook_configs?: readonly object[];
}

export interface TimeInterval {
  readonly name: string;
  readonly time_intervals: readonly { readonly weekdays: readonly string[] }[];
}
