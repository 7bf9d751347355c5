import type { IngressSpec } from '../../../imports/kubernetes.ts';
import type { Rendered } from '../../render/manifest.ts';
import type { Labels } from './selector.ts';

/** One Ingress's word on one host: all that is kept of it. */
export interface Claim {
  readonly cluster: string;
  readonly system: string;
  readonly construct: string;
  readonly file: string;
  /** Its part where several Ingresses share a host (docs.nginx.com, "Mergeable Ingress"). */
  readonly part: 'alone' | 'master' | 'minion';
  /** How it stands in DNS; left out where it is kept out of it. */
  readonly dns?: Published;
}

interface Published {
  readonly identifier?: string;
  readonly policy?: string;
  /** Where the policy is `region`: whose nearest clients are sent here. */
  readonly region?: string;
}

export const INGRESS = 'networking.k8s.io/v1/Ingress';
export const MERGEABLE = 'nginx.org/mergeable-ingress-type';

/** 0.22.0 of external-dns reads the second, everything older the first. */
const PREFIXES = ['external-dns.alpha.kubernetes.io/', 'external-dns.kubernetes.io/'];

/** The controller that external-dns takes itself for: another value keeps an Ingress out of DNS. */
const IN_DNS = 'dns-controller';

/** Route 53's routing policies as external-dns writes them; the last part of some says which place. */
const POLICY = /^aws-(weight|region|failover|geolocation|geoproximity|multi-value-answer)/;

export function claimsOf(
  { construct, file, manifest }: Rendered,
  cluster: string,
  system: string,
): [host: string, Claim][] {
  const { annotations = {} } = manifest.metadata;
  const { rules } = (manifest.spec ?? {}) as IngressSpec;
  if (!Array.isArray(rules)) return [];
  const type = annotations[MERGEABLE];
  const claim: Claim = {
    cluster,
    system,
    construct,
    file,
    part: type === 'master' || type === 'minion' ? type : 'alone',
    dns: dnsOf(annotations),
  };
  const hosts = new Set(rules.map(({ host }) => host).filter(host => typeof host === 'string' && host !== ''));
  return [...hosts].map(host => [host as string, claim]);
}

function dnsOf(annotations: Labels): Claim['dns'] {
  let identifier: string | undefined;
  let policy: string | undefined;
  let region: string | undefined;
  for (const prefix of PREFIXES) {
    const controller = annotations[`${prefix}controller`];
    if (controller !== undefined && controller !== IN_DNS) return undefined;
    identifier ??= annotations[`${prefix}set-identifier`];
    region ??= annotations[`${prefix}aws-region`];
    for (const key in annotations) {
      if (key.startsWith(prefix)) policy ??= POLICY.exec(key.slice(prefix.length))?.[1];
    }
  }
  return { identifier, policy, region };
}
