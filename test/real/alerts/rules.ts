import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { PrometheusRule } from '../../../imports/custom.ts';
import { secondsOf } from '../../../tools/prove/promql/duration.ts';
import { DIST } from '../dist.ts';
import type { RenderedAlert } from './case.ts';
import { agrees, type Selector, selectorsOf } from './selectors.ts';

export type Group = NonNullable<NonNullable<PrometheusRule['spec']>['groups']>[number];
export type Rule = NonNullable<Group['rules']>[number];

/** A PrometheusRule as a cluster gets it. */
export interface RuleFile {
  readonly cluster: string;
  /** Below `dist/`. */
  readonly file: string;
  readonly groups: readonly Group[];
}

/** One alert, and in which clusters it stands just so. */
export interface TestedAlert {
  readonly alert: RenderedAlert;
  /** It and what is recorded for it, in the order in which Prometheus judges them. */
  readonly groups: readonly Group[];
  /** Where it stands first, for messages. */
  readonly file: string;
  readonly clusters: readonly string[];
}

/** All rules that are committed. @param folder in which each cluster has its own. @default `dist/` */
export function committedRules(folder = DIST): RuleFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => /^PrometheusRule\..*\.yaml$/.test(path.basename(file)))
    .sort()
    .map(file => ruleFile(file, parse(readFileSync(path.join(folder, file), 'utf8')) as PrometheusRule));
}

/** @param file below `dist/`: the first folder is the cluster's */
export function ruleFile(file: string, { spec }: PrometheusRule): RuleFile {
  return { file, cluster: file.split('/')[0]!, groups: spec?.groups ?? [] };
}

/**
 * Every alert with what it reads. Those that are told apart only by their cluster, or by where their dashboard is, come once.
 */
export function testedAlerts(files: readonly RuleFile[]): TestedAlert[] {
  const tested = new Map<string, TestedAlert & { clusters: string[] }>();
  for (const { file, cluster, groups } of files) {
    const others = files.filter(other => other.cluster === cluster && other.file !== file);
    const near = [...groups, ...others.flatMap(other => other.groups)];
    for (const rule of groups.flatMap(({ rules = [] }) => rules).filter(({ alert }) => alert !== undefined)) {
      const needed = withRecordings(rule, near);
      const key = JSON.stringify(needed.map(group => (group.rules ?? []).map(withoutPlace)));
      const known = tested.get(key);
      if (known) known.clusters.push(cluster);
      else tested.set(key, { alert: renderedAlert(rule, needed), groups: needed, file, clusters: [cluster] });
    }
  }
  return [...tested.values()];
}

function renderedAlert(rule: Rule, groups: readonly Group[]): RenderedAlert {
  const { threshold } = rule.annotations ?? {};
  return {
    name: String(rule.alert),
    expr: String(rule.expr),
    for: secondsOf(String(rule.for ?? '0s'))!,
    reads: readBy({ groups }),
    labels: rule.labels ?? {},
    annotations: rule.annotations ?? {},
    ...(threshold !== undefined && { threshold: Number(threshold) }),
  };
}

/** Every series that a rule selects, with those of what is recorded for it. */
export function readBy({ groups }: Pick<TestedAlert, 'groups'>): Selector[] {
  return groups.flatMap(({ rules = [] }) => rules).flatMap(({ expr }) => selectorsOf(String(expr)));
}

/** The groups that hold a rule and the recordings that it reads, those that these read, and so on; the rest is left out. */
function withRecordings(rule: Rule, groups: readonly Group[]): Group[] {
  const kept = new Set([rule]);
  const recordings = groups.flatMap(({ rules = [] }) => rules).filter(({ record }) => record !== undefined);
  for (const each of kept) {
    const selectors = selectorsOf(String(each.expr));
    for (const recording of recordings) if (selectors.some(selector => feeds(recording, selector))) kept.add(recording);
  }
  return groups
    .map(group => ({ ...group, rules: (group.rules ?? []).filter(each => kept.has(each)) }))
    .filter(({ rules }) => rules.length > 0)
    .map((group, index) => ({ ...group, name: `${index}.${group.name}` }));
}

/** Whether what is recorded may be what is selected: of the name, and with no label that excludes it. */
function feeds({ record, labels = {} }: Rule, { metric, matchers }: Selector): boolean {
  return (
    record === metric &&
    matchers.every(matcher => labels[matcher.label] === undefined || agrees(matcher, labels[matcher.label]!))
  );
}

/** What tests see of a rule. */
function withoutPlace({ annotations, ...rule }: Rule) {
  const { summary, description, threshold } = annotations ?? {};
  return { ...rule, summary, description, threshold };
}
