import { Construct } from 'constructs';
import type { PolicyRule, Role, RoleBinding, Volume, VolumeMount } from '../imports/kubernetes.ts';
import { closed } from './closed.ts';
import { KubeObject } from './kube-object.ts';
import type { Workload } from './workload.ts';

/** Something that a workload may ask of the API server, in its own namespace. */
export interface Right {
  /** e.g. `get`, `patch`. */
  readonly verbs: readonly string[];
  /** e.g. `configmaps`, `deployments/scale`. */
  readonly resources: readonly string[];
  /** @default the core group */
  readonly apiGroup?: string;
  /** The objects it is about, by name. @default all of the namespace, which `create` and `list` need */
  readonly names?: readonly string[];
}

/**
 * What a workload may ask of the API server: a Role and its binding, a token that is mounted because it is used, and the way
 * through the network. Without it a pod has no token.
 */
export class Rights extends Construct {
  /** Where client libraries look for it (kubernetes.io/docs/tasks/run-application/access-api-from-pod). */
  readonly mount: VolumeMount = {
    name: 'api-token',
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
    readOnly: true,
  };

  constructor(workload: Workload, rights: readonly Right[]) {
    super(workload, 'rights');
    for (const right of rights) check(workload.node.path, right);
    workload.network.reachApiServer();
    const metadata = workload.metadata();
    new KubeObject<Role>(
      this,
      'role',
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata },
      { rules: rights.map(ruleOf).sort(byText) },
    );
    new KubeObject<RoleBinding>(
      this,
      'role-binding',
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata },
      {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: workload.name },
        subjects: [{ kind: 'ServiceAccount', name: workload.name, namespace: workload.namespace }],
      },
    );
  }

  /** What the kubelet mounts by itself where automounting is on: a token that it renews, the authority, the namespace. */
  get volume(): Volume {
    return {
      name: this.mount.name,
      projected: {
        defaultMode: 0o444,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
          {
            downwardAPI: {
              items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
            },
          },
        ],
      },
    };
  }
}

function ruleOf({ apiGroup = '', resources, names, verbs }: Right): PolicyRule {
  return {
    apiGroups: [apiGroup],
    ...(names && { resourceNames: [...names].sort() }),
    resources: [...resources].sort(),
    verbs: [...verbs].sort(),
  };
}

/** So that the order in which an author writes changes nothing. */
function byText(a: PolicyRule, b: PolicyRule): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** @throws where a field is misspelt, empty or no list: left out, `names` would mean all of them */
function check(path: string, right: Right): void {
  closed(path, right, { verbs: true, resources: true, apiGroup: true, names: true }, 'rights has a right whose ');
  const { verbs, resources, names } = right;
  for (const [field, list] of Object.entries({ verbs, resources, ...('names' in right && { names }) })) {
    if (!Array.isArray(list) || list.length === 0)
      throw new Error(`${path}: rights has a right whose ${field} is ${JSON.stringify(list)}; list at least one`);
  }
}
