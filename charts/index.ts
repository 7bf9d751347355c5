/** All that an app may say. */
export { Duration, Size } from 'cdk8s';
export { Cpu } from 'cdk8s-plus-28';
export { byTier, type Cluster, type Role, type Site, type Tier } from './cluster.ts';
export { CONFIRM_DELETION, PLATFORM, PRIORITIES, type Priority, READS_SECRETS } from './conventions.ts';
export type { Env, EnvSource } from './env.ts';
export { type ExposureProps, perMinute, secureHeaders } from './exposure.ts';
export { imagesFrom } from './image.ts';
export { KubeObject, type Patch } from './kube-object.ts';
export type { Replicas } from './replicas.ts';
export { type SecretSource, secret } from './secret.ts';
export { settings } from './settings.ts';
export { System } from './system.ts';
export { waive } from './waive.ts';
export { WebService, type WebServiceProps } from './web-service.ts';
