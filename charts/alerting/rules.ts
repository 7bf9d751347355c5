import type { Duration } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import type { PrometheusRule } from '../../imports/custom.ts';
import { GRAFANA, RUNBOOKS } from '../conventions.ts';
import { type KubeMetadata, KubeObject } from '../kube-object.ts';
import type { System } from '../system.ts';
import { agreedOf } from './agreed.ts';
import { type Alert, isAlert, type Recording, type RuleGroup } from './alert.ts';

/** Whom rules are about: a workload, or something that others run. */
export interface Watched {
  readonly name: string;
  readonly namespace: string;
  readonly system: System;
  /** The databases that it is or asks, by name: an alert of theirs speaks for its own. */
  readonly dependencies?: readonly string[];
  /** Its dashboard, where it has one. @default the system's */
  readonly dashboard?: { readonly uid?: string | undefined };
  metadata(): KubeMetadata;
}

type Rule = NonNullable<NonNullable<NonNullable<PrometheusRule['spec']>['groups']>[number]['rules']>[number];

/**
 * What Prometheus judges about a workload: one PrometheusRule. Each alert carries who is concerned (`system`, `service`,
 * `namespace`, `team`), how fast (`severity`), and what to do (`runbook_url`, `dashboard_url`).
 */
export class Rules extends Construct {
  readonly #groups: RuleGroup[] = [];

  constructor(
    scope: Construct,
    id: string,
    readonly of: Watched,
    /** Of the object. @default the workload's own */
    private readonly metadata: () => KubeMetadata = () => of.metadata(),
  ) {
    super(scope, id);
  }

  /** Rules of a group that is there already follow those that it has. */
  add(...groups: readonly RuleGroup[]): void {
    for (const group of groups) {
      if (group.rules.length === 0) continue;
      if (this.#groups.length === 0) this.#object();
      this.#groups.push(group);
    }
  }

  get alerts(): readonly Alert[] {
    return this.#groups.flatMap(({ rules }) => rules.filter(isAlert));
  }

  /** Where something may be agreed of its alerts, the nearest first: its own, the workload's, those above both. */
  get scopes(): readonly IConstruct[] {
    const workload = this.of instanceof Construct ? this.of.node.scopes : [];
    const own = this.node.scopes.filter(scope => !workload.includes(scope));
    return [...workload, ...own].reverse();
  }

  #object(): void {
    new KubeObject<PrometheusRule>(
      this,
      'rules',
      { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: this.metadata() },
      () => ({
        spec: {
          groups: this.#merged
            .map(({ name, interval, rules }) => ({
              name: `${this.of.name}.${name}`,
              ...(interval && { interval: prometheusTime(interval) }),
              rules: rules.flatMap(rule => this.#rule(rule)),
            }))
            .filter(({ rules }) => rules.length > 0),
        },
      }),
    );
  }

  /** Prometheus refuses two groups of one name. @throws where an alert's name stands twice */
  get #merged(): RuleGroup[] {
    const merged = new Map<string, RuleGroup>();
    for (const { name, interval, rules } of this.#groups)
      merged.set(name, { interval, ...merged.get(name), name, rules: [...(merged.get(name)?.rules ?? []), ...rules] });
    const names = [...merged.values()].flatMap(({ rules }) => rules.filter(isAlert)).map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined)
      throw new Error(`${this.node.path}: ${twice} stands twice among its alerts; call one of them otherwise`);
    return [...merged.values()];
  }

  #rule(rule: Alert | Recording): Rule[] {
    const { name, namespace } = this.of;
    if (!isAlert(rule))
      return [{ record: rule.record, expr: rule.expr, labels: { namespace, service: name, ...rule.labels } }];
    const { silence, tuning } = agreedOf(rule, this.scopes);
    return silence ? [] : [this.#alert(tuning ? { ...rule, ...changed(rule, tuning) } : rule)];
  }

  #alert(alert: Alert): Rule {
    const { name, namespace, system, dependencies = [] } = this.of;
    const { threshold, expr } = alert;
    return {
      alert: alert.name,
      expr: typeof expr === 'string' ? expr : expr(threshold ?? Number.NaN),
      ...(alert.for && { for: prometheusTime(alert.for) }),
      ...(alert.keepFiringFor && { keep_firing_for: prometheusTime(alert.keepFiringFor) }),
      labels: {
        namespace,
        service: name,
        severity: alert.severity,
        system: system.name,
        team: system.owner,
        ...(dependencies[0] && { db: dependencies[0] }),
        ...alert.labels,
      },
      annotations: {
        dashboard_url: `https://${GRAFANA.host(system.site.domain)}/d/${this.of.dashboard?.uid ?? GRAFANA.uid(system.name)}`,
        description: alert.description,
        runbook_url: `${RUNBOOKS}/${alert.runbook}.md#${alert.name.toLowerCase()}`,
        summary: alert.summary,
        ...(threshold !== undefined && { threshold: String(threshold) }),
        why: alert.why,
      },
    };
  }
}

/** A threshold is for the alert of the name that has one: a construct and what stands below it may have one each. */
function changed({ expr, why }: Alert, { threshold, for: held, severity, reason, owner, expires }: Changes) {
  return {
    ...(threshold !== undefined && typeof expr !== 'string' && { threshold }),
    ...(held && { for: held }),
    ...(severity && { severity }),
    why: `${reason} (${owner}, until ${expires}). Otherwise: ${why}`,
  };
}

type Changes = NonNullable<ReturnType<typeof agreedOf>['tuning']>;

/** Prometheus' way to write a time: `1h30m`. */
export function prometheusTime(time: Duration): string {
  const seconds = time.toSeconds();
  if (seconds === 0) return '0s';
  let rest = seconds;
  return [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ]
    .map(([unit, length]) => {
      const count = Math.floor(rest / (length as number));
      rest -= count * (length as number);
      return count > 0 ? `${count}${unit}` : '';
    })
    .join('');
}
