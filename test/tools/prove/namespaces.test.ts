import { expect, test } from 'vitest';
import { api, apiPod, broken, type Objects, switchOff } from './broken.ts';

function inArgo(it: Objects): void {
  it.stray = structuredClone(it['ConfigMap api']);
  it.stray.metadata.name = 'stray';
  it.stray.metadata.namespace = 'argocd';
}

test('the unit argocd stands in Argo CD’s namespace', () => {
  expect(broken(inArgo, { system: 'argocd' })).toEqual([]);
});

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a peak above the quota',
    it => {
      it['HorizontalPodAutoscaler api'].spec.maxReplicas = 40;
    },
    [
      'quota-fits: ResourceQuota.quota: spec.hard["limits.cpu"] is 16, the workloads’ peak 58; raise it to at least 58',
      'quota-fits: ResourceQuota.quota: spec.hard["limits.memory"] is 5Gi, the workloads’ peak 14848Mi; raise it to at least 14848Mi',
      'quota-fits: ResourceQuota.quota: spec.hard.pods is 20, the workloads’ peak 58; raise it to at least 58',
      'quota-fits: ResourceQuota.quota: spec.hard["requests.cpu"] is 4, the workloads’ peak 5800m; raise it to at least 5800m',
      'quota-fits: ResourceQuota.quota: spec.hard["requests.memory"] is 5Gi, the workloads’ peak 14848Mi; raise it to at least 14848Mi',
    ],
  ],
  [
    'storage above the quota',
    it => {
      it['StatefulSet database'].spec.volumeClaimTemplates[0].spec.resources.requests.storage = '11Gi';
    },
    [
      'quota-fits: ResourceQuota.quota: spec.hard["requests.storage"] is 20Gi, the workloads’ peak 22Gi; raise it to at least 22Gi',
    ],
  ],
  [
    'a claim that stands for itself and is counted once, with the size that it has grown to',
    it => {
      it.claim = {
        ...structuredClone(it['StatefulSet database'].spec.volumeClaimTemplates[0]),
        metadata: { ...structuredClone(it['StatefulSet database'].metadata), name: 'data-database-1' },
      };
      it.claim.spec.resources.requests.storage = '15Gi';
    },
    [
      'quota-fits: ResourceQuota.quota: spec.hard["requests.storage"] is 20Gi, the workloads’ peak 25Gi; raise it to at least 25Gi',
    ],
  ],
  [
    'a namespace without quota',
    it => {
      delete it['ResourceQuota quota'];
    },
    [
      'namespace-guards: Namespace.shop: namespace shop has no ResourceQuota; add one that states requests.cpu, requests.memory, limits.cpu, limits.memory',
    ],
  ],
  [
    'a quota with a hole',
    it => {
      delete it['ResourceQuota quota'].spec.hard['limits.memory'];
    },
    ['namespace-guards: Namespace.shop: no ResourceQuota of namespace shop states limits.memory; add it to spec.hard'],
  ],
  [
    'a namespace without limits',
    it => {
      delete it['LimitRange limits'];
    },
    ['namespace-guards: Namespace.shop: namespace shop has no LimitRange; add one with defaults for containers'],
  ],
  [
    'limits with a hole',
    it => {
      delete it['LimitRange limits'].spec.limits[0].defaultRequest;
    },
    ['namespace-guards: LimitRange.limits: spec.limits[0] has no defaultRequest; state it'],
  ],
  [
    'a namespace that lets anything in',
    it => {
      it['Namespace shop'].metadata.labels['pod-security.kubernetes.io/enforce'] = 'baseline';
      delete it['Namespace shop'].metadata.labels['pod-security.kubernetes.io/warn-version'];
    },
    [
      'namespace-guards: Namespace.shop: metadata.labels["pod-security.kubernetes.io/enforce"] is baseline; write restricted',
      'namespace-guards: Namespace.shop: metadata.labels has no pod-security.kubernetes.io/warn-version; write the cluster’s minor, e.g. v1.35',
    ],
  ],
  [
    'an object in somebody else’s namespace',
    it => {
      it.stray = structuredClone(it['ConfigMap api']);
      it.stray.metadata.name = 'stray';
      it.stray.metadata.namespace = 'kube-system';
    },
    ['namespace-guards: ConfigMap.stray: metadata.namespace is kube-system, which is not the unit’s; use one of shop'],
  ],
  [
    'an object of a system in Argo CD’s namespace',
    inArgo,
    ['namespace-guards: ConfigMap.stray: metadata.namespace is argocd, which is not the unit’s; use one of shop'],
  ],
  [
    'an init container counts where it is more than all others',
    it => {
      const { image, imagePullPolicy, securityContext } = api(it);
      const list = { cpu: '3', memory: '1Gi', 'ephemeral-storage': '64Mi' };
      apiPod(it).initContainers = [
        { name: 'migrate', image, imagePullPolicy, securityContext, resources: { requests: list, limits: list } },
      ];
    },
    [
      'quota-fits: ResourceQuota.quota: spec.hard["limits.cpu"] is 16, the workloads’ peak 32; raise it to at least 32',
      'quota-fits: ResourceQuota.quota: spec.hard["limits.memory"] is 5Gi, the workloads’ peak 10Gi; raise it to at least 10Gi',
      'quota-fits: ResourceQuota.quota: spec.hard["requests.cpu"] is 4, the workloads’ peak 24800m; raise it to at least 24800m',
      'quota-fits: ResourceQuota.quota: spec.hard["requests.memory"] is 5Gi, the workloads’ peak 10Gi; raise it to at least 10Gi',
    ],
  ],
  [
    'a cpu in short',
    it => {
      it['ResourceQuota quota'].spec.hard.cpu = '1';
    },
    ['quota-fits: ResourceQuota.quota: spec.hard.cpu is 1, the workloads’ peak 1600m; raise it to at least 1600m'],
  ],
  [
    'a quota of some pods only binds no sum',
    it => {
      it.second = structuredClone(it['ResourceQuota quota']);
      it.second.metadata.name = 'second';
      it.second.spec = { hard: { pods: '1' }, scopes: ['BestEffort'] };
    },
    [],
  ],
  [
    'limits of pods take no defaults',
    it => {
      it['LimitRange limits'].spec.limits.push({ type: 'Pod', max: { cpu: '32' } });
    },
    ['namespace-guards: LimitRange.limits: spec.limits[1] has no min; state it'],
  ],
  [
    'a sidecar counts to the containers',
    it => {
      const { image, imagePullPolicy, securityContext } = api(it);
      const list = { cpu: '3', memory: '1Mi', 'ephemeral-storage': '64Mi' };
      apiPod(it).initContainers = [
        {
          name: 'proxy',
          restartPolicy: 'Always',
          image,
          imagePullPolicy,
          securityContext,
          resources: { requests: { ...list, cpu: '100m' }, limits: list },
        },
      ];
    },
    ['quota-fits: ResourceQuota.quota: spec.hard["limits.cpu"] is 16, the workloads’ peak 40; raise it to at least 40'],
  ],
  [
    'a scratch claim counts to the storage',
    it => {
      apiPod(it).volumes.push({
        name: 'scratch',
        ephemeral: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '1Gi' } },
              storageClassName: 'gp3',
            },
          },
        },
      });
    },
    [
      'quota-fits: ResourceQuota.quota: spec.hard["requests.storage"] is 20Gi, the workloads’ peak 28Gi; raise it to at least 28Gi',
    ],
  ],
  [
    'what a failover switches on counts',
    it => switchOff(it, 4),
    ['quota-fits: ResourceQuota.quota: spec.hard["limits.cpu"] is 16, the workloads’ peak 17; raise it to at least 17'],
  ],
  [
    'what is switched off for good does not',
    it => {
      switchOff(it);
      it['ResourceQuota quota'].spec.hard['limits.cpu'] = '12';
    },
    [],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
