import { CONFIRM, COST, type Loose, object } from './parts.ts';

const RESTRICTED = Object.fromEntries(
  ['enforce', 'audit', 'warn'].flatMap(mode => [
    [`pod-security.kubernetes.io/${mode}`, 'restricted'],
    [`pod-security.kubernetes.io/${mode}-version`, 'v1.35'],
  ]),
);

const HARD = {
  'limits.cpu': '16',
  'limits.memory': '5Gi',
  pods: '20',
  'requests.cpu': '4',
  'requests.memory': '5Gi',
  'requests.storage': '20Gi',
};

const LIMIT = {
  type: 'Container',
  default: { cpu: '500m' },
  defaultRequest: { cpu: '50m' },
  max: { cpu: '16' },
  min: { cpu: '10m' },
};

export function namespace(): Loose[] {
  return [
    object(
      'v1/Namespace',
      'shop',
      {},
      { namespace: undefined, annotations: CONFIRM, labels: { ...COST, ...RESTRICTED } },
    ),
    object('networking.k8s.io/v1/NetworkPolicy', 'default-deny', {
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    }),
    object('v1/LimitRange', 'limits', { spec: { limits: [LIMIT] } }),
    object('v1/ResourceQuota', 'quota', { spec: { hard: HARD } }),
  ];
}
