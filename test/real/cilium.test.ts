import { describe, expect, test } from 'vitest';
import type { CiliumNetworkPolicy } from '../../imports/custom.ts';
import { judge } from '../../tools/control-plane/cilium.ts';
import { committed } from './dist.ts';

/** The API server takes whatever fits Cilium's schema. A policy that the agent then cannot read is in force nowhere. */
test('the agent can read every CiliumNetworkPolicy of dist/', () => {
  const policies = committed('').filter(({ manifest }) => manifest.kind === 'CiliumNetworkPolicy');
  const verdicts = judge(policies.map(({ manifest }) => manifest));
  expect(policies.flatMap(({ file }, i) => (verdicts[i] === '' ? [] : [`${file}: ${verdicts[i]}`]))).toEqual([]);
  expect(policies.length).toBeGreaterThan(0);
});

type Rule = CiliumNetworkPolicy['spec']['egress'][number];

const https: Rule['toPorts'] = [{ ports: [{ port: '443', protocol: 'TCP' }] }];
const stripe: Rule = { toFQDNs: [{ matchName: 'api.stripe.com' }], toPorts: https };
const dns: Rule = {
  toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
  toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
};

function policy(egress: readonly unknown[], selected: Record<string, string> = { app: 'api' }): unknown {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'api', namespace: 'zapora' },
    spec: { endpointSelector: { matchLabels: selected }, egress },
  };
}

describe('the agent is no rubber stamp', () => {
  test('a right one', () => {
    expect(judge([policy([dns, stripe, { toEntities: ['kube-apiserver'], toPorts: https }])])).toEqual(['']);
  });

  test.each([
    ['no rule', policy([]), 'at least one of Ingress'],
    ['two kinds of target in a rule', policy([{ ...dns, ...stripe }]), 'is not supported yet'],
    ['a wildcard as a name', policy([{ ...stripe, toFQDNs: [{ matchName: '*.stripe.com' }] }]), 'Invalid characters'],
    ['an address as a name', policy([{ ...stripe, toFQDNs: [{ matchName: 'https://x' }] }]), 'Invalid characters'],
    ['an entity nobody knows', policy([{ toEntities: ['api-server'], toPorts: https }]), 'unsupported entity'],
    [
      'a port out of range',
      policy([{ ...stripe, toPorts: [{ ports: [{ port: '70000', protocol: 'TCP' }] }] }]),
      'unable to parse port',
    ],
    ['DNS rules without a port', policy([{ ...dns, toPorts: [{ rules: { dns: [{}] } }] }]), 'port 53 must be'],
    ['a label that is none', policy([stripe], { 'a b': 'c' }), 'invalid label selector'],
    ['pods of another namespace', policy([stripe], { 'k8s:io.kubernetes.pod.namespace': 'x' }), 'illegal namespace'],
    ['a field nobody knows', policy([{ ...stripe, toHosts: [] }]), 'unknown field "toHosts"'],
  ])('%s', (_, wrong, words) => {
    expect(judge([wrong])[0]).toContain(words);
  });
});
