import type { IObjectMeta as ObjectMeta } from '@kubernetes-models/apimachinery/apis/meta/v1/ObjectMeta';

/** `Policy` of the F5 NGINX Ingress Controller, for which no npm package has types: the two policies that Drydock emits. */
export interface Policy {
  apiVersion: 'k8s.nginx.org/v1';
  kind: 'Policy';
  metadata: ObjectMeta;
  spec: PolicySpec;
}

/** One policy an object: the controller refuses more than one kind of policy in a spec. */
export interface PolicySpec {
  /** Which controller reads it. @default every one */
  ingressClassName?: string;
  accessControl?: AccessControl;
  rateLimit?: RateLimit;
}

/** Addresses or CIDR ranges; `allow` alone refuses everyone else, and the two exclude each other. */
export interface AccessControl {
  allow?: string[];
  deny?: string[];
}

/** https://docs.nginx.com/nginx-ingress-controller/configuration/policy-resource/#ratelimit */
export interface RateLimit {
  /** `10r/s`, `300r/m` */
  rate: string;
  /** What is counted: `${binary_remote_addr}` */
  key: string;
  /** Of the shared memory zone: `10M` */
  zoneSize: string;
  burst?: number;
  delay?: number;
  noDelay?: boolean;
  /** 400 to 599. @default 503 */
  rejectCode?: number;
  dryRun?: boolean;
  /** @default error */
  logLevel?: 'info' | 'notice' | 'warn' | 'error';
  /** Divide the rate by the number of controller pods. */
  scale?: boolean;
}
