import { describe, expect, test } from 'vitest';
import { fleet } from '../../fleet.ts';
import { type Asked, type AskedEnd, judgeNetwork } from '../../tools/control-plane/network-judge.ts';
import { rangeOf } from '../../tools/prove/network/address.ts';
import { type Endpoint, Network, type Pod } from '../../tools/prove/network/network.ts';
import { policyOf } from '../../tools/prove/network/policy.ts';
import type { Manifest } from '../../tools/render/manifest.ts';
import { committed } from './dist.ts';

/** Our evaluator, on which the law `network-wired` and the tables in docs/topology/ stand, against the one that upstream's tests grew from. */
const INSTANCE = 'app.kubernetes.io/instance';

/** Who may be about besides a unit's own workloads. */
const OTHERS: Pod[] = [
  { namespace: 'nginx-ingress', labels: { 'app.kubernetes.io/name': 'nginx-ingress' } },
  { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'prometheus' } },
  { namespace: 'monitoring', labels: {} },
  { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  { namespace: 'kube-system', labels: {} },
  { namespace: 'elsewhere', labels: { [INSTANCE]: 'api' } },
];
const ADDRESSES = ['8.8.8.8', '10.1.2.3', '100.64.0.1', '169.254.169.254', '172.16.5.5', '192.168.1.1'];

const UNITS = fleet.flatMap(({ cluster, units }) => units.map(({ system }) => `${cluster.name}/${system}`));

describe.each(UNITS)('dist/%s', unit => {
  const manifests = committed(unit).map(({ manifest }) => manifest);
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');

  test('every connection at every port, both ways: the two agree', () => {
    const ends: Endpoint[] = [
      ...manifests
        .filter(({ kind }) => kind === 'Namespace')
        .map(({ metadata }) => ({ namespace: metadata.name, labels: {} })),
      ...manifests.flatMap(podsOf),
      ...OTHERS,
      ...ADDRESSES.map(address => rangeOf(`${address}/32`)!),
    ];
    const network = new Network(policies.map(policyOf));
    const asked: { query: Asked; ours: [boolean, boolean] }[] = [];
    for (const from of ends) {
      for (const to of ends) {
        for (const [protocol, port] of portsOf(policies)) {
          const query = { from: asEnd(from), to: asEnd(to), port, protocol };
          asked.push({ query, ours: verdict(network, from, to, port, protocol) });
        }
      }
    }
    const theirs = judgeNetwork(
      policies,
      asked.map(({ query }) => query),
    );
    const differing = asked.filter(({ ours }, i) => ours.join() !== theirs[i]!.join());
    expect(differing.slice(0, 3)).toEqual([]);
    // Some are open and some are not, or the question was none.
    expect(new Set(theirs.map(String)).size).toBeGreaterThan(1);
  });
});

function verdict(
  network: Network,
  from: Endpoint,
  to: Endpoint,
  port: number,
  protocol: 'TCP' | 'UDP',
): [boolean, boolean] {
  return [
    'labels' in from ? network.permits(from, 'egress', to, port, protocol) : true,
    'labels' in to ? network.permits(to, 'ingress', from, port, protocol) : true,
  ];
}

function podsOf({ kind, metadata, spec }: Manifest): Pod[] {
  const template = (spec as { template?: { metadata: { labels: Record<string, string> } } } | undefined)?.template;
  if (template === undefined || !['Deployment', 'StatefulSet', 'Job'].includes(kind)) return [];
  return [{ namespace: metadata.namespace!, labels: template.metadata.labels }];
}

function asEnd(end: Endpoint): AskedEnd {
  if (!('labels' in end)) return { address: ADDRESSES.find(each => rangeOf(`${each}/32`)!.first === end.first)! };
  const { namespace, labels } = end;
  return { namespace, namespaceLabels: { 'kubernetes.io/metadata.name': namespace }, labels };
}

/** Every port that a policy names, the ones beside it, and one that nobody names. */
function portsOf(policies: readonly Manifest[]): ['TCP' | 'UDP', number][] {
  const named = [...JSON.stringify(policies).matchAll(/"port":(\d+)/g)].map(([, port]) => Number(port));
  const ports = new Set([...named.flatMap(port => [port - 1, port, port + 1]), 31_337]);
  return [...ports].flatMap(port => [['TCP', port] as ['TCP', number], ['UDP', port] as ['UDP', number]]);
}
