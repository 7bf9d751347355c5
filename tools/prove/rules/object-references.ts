import type {
  ClusterRoleBinding,
  IngressSpec,
  PersistentVolumeClaim,
  ServiceAccount,
  StatefulSetSpec,
} from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import {
  CERTIFICATE,
  type CertificateSpec,
  CLUSTER_ISSUER,
  EXTERNAL_SECRET,
  type ExternalSecretSpec,
  ISSUED_BY,
  ISSUER,
  NGINX_POLICY,
} from './custom.ts';
import { field } from './field.ts';
import { INGRESS } from './host-claims.ts';
import { type Found, SECRET, SERVICE_ACCOUNT, STORAGE_CLASS } from './references.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
const POLICIES = 'nginx.org/policies';

/** What objects other than pods name, by their kind. `owned` holds the namespaces of the unit. */
export const REFERENCES: Readonly<
  Record<string, (manifest: Manifest, found: Found, owned: ReadonlySet<string>) => void>
> = {
  [INGRESS]: ofIngress,
  [CERTIFICATE]: ({ spec }, found) => {
    const { kind, name, group = 'cert-manager.io' } = (spec as CertificateSpec).issuerRef ?? {};
    if (!name || group !== 'cert-manager.io') return;
    if (kind === 'ClusterIssuer') found.wide('spec.issuerRef', CLUSTER_ISSUER, name);
    else found.here('spec.issuerRef', ISSUER, name);
  },
  [EXTERNAL_SECRET]: ({ spec }, found) => {
    const { kind = 'SecretStore', name } = (spec as ExternalSecretSpec).secretStoreRef ?? {};
    if (!name) return;
    if (kind === 'ClusterSecretStore') found.wide('spec.secretStoreRef', `external-secrets.io/v1/${kind}`, name);
    else found.here('spec.secretStoreRef', `external-secrets.io/v1/${kind}`, name);
  },
  [`${RBAC}/RoleBinding`]: ofBinding,
  [`${RBAC}/ClusterRoleBinding`]: ofBinding,
  'v1/PersistentVolumeClaim': (manifest, found) => ofClaim(manifest as unknown as PersistentVolumeClaim, 'spec', found),
  'v1/ServiceAccount': (manifest, found) => {
    for (const [index, { name }] of ((manifest as unknown as ServiceAccount).imagePullSecrets ?? []).entries()) {
      if (name) found.here(`imagePullSecrets[${index}]`, SECRET, name);
    }
  },
  'apps/v1/StatefulSet': ({ spec }, found) => {
    const { serviceName, volumeClaimTemplates = [] } = spec as StatefulSetSpec;
    if (serviceName) found.here('spec.serviceName', 'v1/Service', serviceName);
    for (const [index, claim] of volumeClaimTemplates.entries())
      ofClaim(claim, `spec.volumeClaimTemplates[${index}].spec`, found);
  },
};

function ofClaim({ spec }: PersistentVolumeClaim, at: string, found: Found): void {
  if (spec?.storageClassName) found.wide(`${at}.storageClassName`, STORAGE_CLASS, spec.storageClassName);
}

function ofIngress({ metadata, spec }: Manifest, found: Found): void {
  const { annotations = {} } = metadata;
  const { ingressClassName, tls = [] } = (spec ?? {}) as IngressSpec;
  if (ingressClassName) found.wide('spec.ingressClassName', 'networking.k8s.io/v1/IngressClass', ingressClassName);
  for (const key in ISSUED_BY) {
    const name = annotations[key];
    if (!name) continue;
    if (ISSUED_BY[key] === CLUSTER_ISSUER) found.wide(field('metadata.annotations', key), CLUSTER_ISSUER, name);
    else found.here(field('metadata.annotations', key), ISSUER, name);
  }
  for (const [index, { secretName }] of tls.entries()) {
    if (secretName) found.here(`spec.tls[${index}].secretName`, SECRET, secretName);
  }
  for (const policy of annotations[POLICIES]?.split(',') ?? []) {
    const [name = '', namespace] = policy.trim().split('/').reverse();
    if (namespace === undefined) found.here(field('metadata.annotations', POLICIES), NGINX_POLICY, name);
    else found.in(namespace, field('metadata.annotations', POLICIES), NGINX_POLICY, name);
  }
}

/** Accounts of other units' namespaces are theirs to prove. */
function ofBinding(manifest: Manifest, found: Found, owned: ReadonlySet<string>): void {
  const { roleRef, subjects = [] } = manifest as unknown as ClusterRoleBinding;
  if (roleRef.kind === 'ClusterRole') found.wide('roleRef', `${RBAC}/ClusterRole`, roleRef.name);
  else found.here('roleRef', `${RBAC}/${roleRef.kind}`, roleRef.name);
  for (const [index, { kind, name, namespace = manifest.metadata.namespace }] of subjects.entries()) {
    if (kind === 'ServiceAccount' && namespace !== undefined && owned.has(namespace))
      found.in(namespace, `subjects[${index}]`, SERVICE_ACCOUNT, name);
  }
}
