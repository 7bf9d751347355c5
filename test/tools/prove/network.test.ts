import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a policy of one direction',
    it => {
      it['NetworkPolicy api'].spec.policyTypes = ['Ingress'];
    },
    [
      'network-policy: NetworkPolicy.api: spec.policyTypes has no Egress; write both, so that what is not allowed is denied',
    ],
  ],
  [
    'a policy of two labels',
    it => {
      it['NetworkPolicy api'].spec.podSelector.matchLabels.owner = 'ordering';
    },
    [
      'network-policy: NetworkPolicy.api: spec.podSelector has 2 conditions; select by one label, app.kubernetes.io/instance',
    ],
  ],
  [
    'a rule for everybody',
    it => {
      delete it['NetworkPolicy api'].spec.ingress[0].from;
    },
    [
      'network-policy: NetworkPolicy.api: spec.ingress[0] has no from, and so means everybody; name who: a podSelector, a namespaceSelector or an ipBlock',
    ],
  ],
  [
    'a rule for every pod there is',
    it => {
      it['NetworkPolicy api'].spec.ingress[0].from = [{ namespaceSelector: {} }];
    },
    [
      'network-policy: NetworkPolicy.api: spec.ingress[0].from[0] means every pod of the cluster; name a namespace (kubernetes.io/metadata.name) or pods',
    ],
  ],
  [
    'a rule for nobody in particular',
    it => {
      it['NetworkPolicy api'].spec.egress[0].to = [{}];
    },
    [
      'network-policy: NetworkPolicy.api: spec.egress[0].to[0] is empty; give a podSelector, a namespaceSelector or an ipBlock',
    ],
  ],
  [
    'an address range says so',
    it => {
      it['NetworkPolicy api'].spec.egress[0].to = [{ ipBlock: { cidr: '0.0.0.0/0' } }];
    },
    [],
  ],
  [
    'no address range, and an exception that is none',
    it => {
      it['NetworkPolicy api'].spec.egress[0].to = [{ ipBlock: { cidr: '10.0.0.0/33', except: ['10.0.0/8'] } }];
    },
    [
      'network-policy: NetworkPolicy.api: spec.egress[0].to[0].ipBlock has "10.0.0.0/33"; write an address, "/" and how many of its bits count, e.g. 10.0.0.0/8',
      'network-policy: NetworkPolicy.api: spec.egress[0].to[0].ipBlock has "10.0.0/8"; write an address, "/" and how many of its bits count, e.g. 10.0.0.0/8',
    ],
  ],
  [
    'every port',
    it => {
      delete it['NetworkPolicy api'].spec.egress[0].ports;
    },
    [
      'network-policy: NetworkPolicy.api: spec.egress[0] has no ports, and so opens all of them; name each, e.g. { port: 8080, protocol: TCP }',
    ],
  ],
  [
    'a port that vanished',
    it => {
      it['NetworkPolicy api'].spec.ingress[0].ports = [{}];
    },
    [
      'network-policy: NetworkPolicy.api: spec.ingress[0].ports[0] has no port, and so opens all of them; give it, e.g. port: 8080',
      'network-policy: NetworkPolicy.api: spec.ingress[0].ports[0] has no protocol; write TCP, as the API server will',
    ],
  ],
  [
    'a namespace that is open',
    it => {
      delete it['NetworkPolicy default-deny'];
    },
    [
      'network-closed: Namespace.shop: namespace shop has no default deny; add a NetworkPolicy with podSelector: {} and both policyTypes',
    ],
  ],
  [
    'a workload without a policy',
    it => {
      delete it['NetworkPolicy clean'];
    },
    [
      'network-closed: CronJob.clean: no NetworkPolicy selects CronJob clean; add one that says who may reach it and whom it may reach',
    ],
  ],
  [
    'a policy of nobody',
    it => {
      it['NetworkPolicy api'].spec.podSelector.matchLabels['app.kubernetes.io/instance'] = 'apl';
    },
    [
      'network-closed: NetworkPolicy.api: spec.podSelector app.kubernetes.io/instance=apl matches no pod of namespace shop; select what a pod template carries, its app.kubernetes.io/instance, or remove the policy',
      'network-closed: Deployment.api: no NetworkPolicy selects Deployment api; add one that says who may reach it and whom it may reach',
    ],
  ],
])('%s', (_, change, findings) => {
  // Whether anybody wired it is another law's matter.
  expect(broken(change, { wiring: undefined })).toEqual(findings);
});
