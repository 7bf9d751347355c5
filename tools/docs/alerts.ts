import { type Alert, alertsIn, configIn } from '../prove/alertmanager/find.ts';
import { type Channel, Tree } from '../prove/alertmanager/tree.ts';
import { groupBy } from '../prove/groups.ts';
import type { Manifest } from '../render/manifest.ts';

/** What one unit of a cluster tells people. */
export interface Watching {
  readonly cluster: string;
  readonly tier: string;
  readonly system: string;
  readonly manifests: readonly Manifest[];
  readonly agreed: readonly Agreed[];
}

/** That an alert is another than its construct says. */
export interface Agreed {
  readonly alert: string;
  readonly is: 'silenced' | 'tuned';
  /** The path of the construct that carries it. */
  readonly construct: string;
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
}

/** On the rules of an objective: what is promised. */
const OBJECTIVE = 'drydock/objective';

const CALLED: Readonly<Record<Channel, string>> = {
  pagerduty_configs: 'PagerDuty',
  sns_configs: 'text message',
  email_configs: 'e-mail',
  slack_configs: 'Slack',
  webhook_configs: 'webhook',
};

/** The page of all objectives and alerts: who is told what, when, and why just then. */
export function alertsPage(watching: readonly Watching[], tiers: readonly string[]): string {
  const trees = treesOf(watching);
  const systems = [...groupBy(watching, ({ system }) => system)].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    '# Objectives and alerts',
    '',
    'Written by `npm run docs`, from the rules and routes that are rendered. Where clusters differ, a cell says for which tier each',
    'value holds; what some clusters of a system do not have says where it is. How to change a number, a route or who is on duty: [on-call.md](on-call.md).',
    '',
    '## Who hears what',
    '',
    ...table(
      ['receiver', ...tiers],
      receiversOf(trees).map(name => [`\`${name}\``, ...tiers.map(tier => channels(trees.get(tier), name))]),
    ),
    ...systems.flatMap(([system, units]) => [`## ${system}`, '', ...objectives(units), ...alerts(units, trees, tiers)]),
    '## Tuned and silenced',
    '',
    ...agreements(watching),
  ].join('\n');
}

/** One of each tier: routes are the same everywhere, which a test holds, and the ways to reach people go by tier. */
function treesOf(watching: readonly Watching[]): Map<string, Tree> {
  const found = new Map<string, Tree>();
  for (const { tier, manifests } of watching) {
    for (const manifest of manifests) {
      const text = configIn(manifest);
      if (text !== undefined) found.set(tier, new Tree(text));
    }
  }
  return found;
}

function receiversOf(trees: ReadonlyMap<string, Tree>): string[] {
  return [...new Set([...trees.values()].flatMap(({ receivers }) => [...receivers.keys()]))];
}

function channels(tree: Tree | undefined, receiver: string): string {
  const its = tree?.receivers.get(receiver)?.channels ?? [];
  return its.map(channel => CALLED[channel]).join(', ') || 'nobody';
}

interface Told extends Alert, Place {}

function objectives(units: readonly Watching[]): string[] {
  const rows = units.flatMap(({ tier, cluster, manifests }) =>
    manifests.flatMap(manifest => {
      const promised = manifest.metadata.annotations?.[OBJECTIVE];
      if (promised === undefined) return [];
      const its = alertsIn(manifest);
      const burns = its.filter(({ labels }) => labels.burn !== undefined).map(alert => ({ ...alert, tier, cluster }));
      const service = its[0]?.labels.service ?? manifest.metadata.name;
      return [
        {
          key: `${service} ${manifest.metadata.name}`,
          service,
          name: manifest.metadata.name,
          promised,
          tier,
          cluster,
          burns,
        },
      ];
    }),
  );
  if (rows.length === 0) return [];
  return table(
    ['service', 'objective', 'promised', 'calls when'],
    [...groupBy(rows, ({ key }) => key).values()]
      .sort(([a], [b]) => (a!.key < b!.key ? -1 : 1))
      .map(same => [
        same[0]!.service,
        [same[0]!.name, ...only(same, units)].join('<br>'),
        byPlace(same.map(({ promised, tier, cluster }) => ({ value: promised, tier, cluster }))),
        byPlace(same.map(({ burns, tier, cluster }) => ({ value: burns.map(burning).join('<br>'), tier, cluster }))),
      ]),
  );
}

function burning({ labels, annotations, for: held = '0s' }: Told): string {
  const share = +(100 * Number(annotations.threshold)).toPrecision(3);
  return `${labels.severity}: ${share} % bad within ${labels.long} and ${labels.short}, for ${held}`;
}

function alerts(units: readonly Watching[], trees: ReadonlyMap<string, Tree>, tiers: readonly string[]): string[] {
  const all = units.flatMap(({ tier, cluster, manifests }) =>
    manifests.flatMap(alertsIn).map((alert): Told => ({ ...alert, tier, cluster })),
  );
  if (all.length === 0) return [];
  const keyOf = ({ name, labels }: Told) => [labels.service, labels.severity, name, labels.slo].join(' ');
  // Its place is that of the highest tier: there a severity counts.
  const nameOf = ({ name, labels }: Told) => [labels.service, name, labels.slo].join(' ');
  const rows = [...groupBy(all, nameOf).values()]
    .map(same => [...same].sort((a, b) => tiers.indexOf(b.tier) - tiers.indexOf(a.tier)))
    .sort(([a], [b]) => (keyOf(a!) < keyOf(b!) ? -1 : 1));
  return table(
    ['service', 'alert', 'severity', 'heard by', 'says', 'limit', 'for', 'why', 'what to do'],
    rows.map(same => {
      const first = same[0]!;
      const each = (value: (alert: Told) => string) =>
        byPlace(same.map(alert => ({ value: value(alert), tier: alert.tier, cluster: alert.cluster })));
      return [
        words(first.labels.service),
        [`\`${first.name}\``, ...(first.labels.slo ? [first.labels.slo] : []), ...only(same, units)].join('<br>'),
        each(({ labels }) => labels.severity ?? ''),
        each(({ labels, tier }) => heardBy(trees.get(tier), labels)),
        each(({ annotations }) => words(annotations.summary)),
        each(limitOf),
        each(({ for: held = 'at once' }) => held),
        each(({ annotations }) => words(annotations.why)),
        runbook(first),
      ];
    }),
  );
}

function heardBy(tree: Tree | undefined, labels: Alert['labels']): string {
  return (tree?.heardBy(labels) ?? []).map(({ name }) => `\`${name}\``).join(', ');
}

/** What the rule says of itself, else the number at the end of its expression. */
function limitOf({ expr, annotations }: Told): string {
  if (annotations.threshold !== undefined) return annotations.threshold;
  const [, compared] = /((?:[<>]=?|[!=]=)\s*-?[\d.]+(?:e-?\d+)?)\s*$/.exec(expr) ?? [];
  return compared === undefined ? '' : `\`${compared}\``;
}

function runbook({ annotations: { runbook_url: url = '' } }: Told): string {
  const [, page, name] = /\/(runbooks\/(.+)\.md#.+)$/.exec(url) ?? [];
  return page === undefined ? url : `[${name}](../${page})`;
}

/** Prometheus' templates as what they stand for: `‹pod›`. */
function words(text = ''): string {
  return text.replaceAll(/\{\{\s*\$labels\.(\w+)[^}]*\}\}/g, '‹$1›').replaceAll(/\{\{\s*\$value[^}]*\}\}/g, '‹value›');
}

/** One value where all agree; else each with the tiers that have it, or the clusters where one tier has several. */
function byPlace(values: readonly Placed[]): string {
  const places = groupBy(values, ({ value }) => value);
  if (places.size === 1) return values[0]!.value;
  const valuesOf = groupBy(values, ({ tier }) => tier);
  const name = ({ tier, cluster }: Placed) =>
    new Set(valuesOf.get(tier)!.map(({ value }) => value)).size === 1 ? tier : cluster;
  return [...places].map(([value, at]) => `${value} (${[...new Set(at.map(name))].join(', ')})`).join('<br>');
}

/**
 * Where something is that some units of its system lack, or where it is not if these are fewer. By cluster alone: one may be
 * called as its tier. Nothing where all have it.
 */
function only(at: readonly Place[], units: readonly Place[]): string[] {
  const having = new Set(at.map(({ cluster }) => cluster));
  const all = [...new Set(units.map(({ cluster }) => cluster))];
  const lacking = all.filter(cluster => !having.has(cluster));
  if (lacking.length === 0) return [];
  return [
    lacking.length < having.size
      ? `not in ${lacking.join(', ')}`
      : `only in ${all.filter(cluster => having.has(cluster)).join(', ')}`,
  ];
}

interface Place {
  readonly tier: string;
  readonly cluster: string;
}

interface Placed extends Place {
  readonly value: string;
}

function agreements(watching: readonly Watching[]): string[] {
  const all = watching.flatMap(({ cluster, agreed }) => agreed.map(each => ({ ...each, cluster })));
  if (all.length === 0) return ['None.', ''];
  const same = groupBy(all, ({ alert, is, construct, reason, owner, expires }) =>
    [alert, is, construct, reason, owner, expires].join('\n'),
  );
  return table(
    ['alert', 'of', 'is', 'where', 'why', 'who answers', 'until'],
    [...same.values()].map(each => {
      const { alert, construct, is, reason, owner, expires } = each[0]!;
      const clusters = each.map(({ cluster }) => cluster).join(', ');
      return [`\`${alert}\``, `\`${construct}\``, is, clusters, reason, owner, expires];
    }),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line), ''];
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
