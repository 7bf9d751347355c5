/** All that an app may say. */

export { Duration, Size } from 'cdk8s';
export { Cpu } from 'cdk8s-plus-28';
export { acknowledge } from './acknowledge.ts';
export { silence, tune } from './alerting/agreed.ts';
export type { Alert, Recording, RuleGroup, Severity } from './alerting/alert.ts';
export { Rules } from './alerting/rules.ts';
export { byTier, type Cluster, type Role, type Site, type Tier, writesHere } from './cluster.ts';
export {
  AUDIT_CONTAINER,
  COLLECTOR,
  CONFIRM_DELETION,
  LOGS_TO,
  PLATFORM,
  PRIORITIES,
  type Priority,
  PUSH_GATEWAY,
  READS_SECRETS,
  TRACES_TO,
} from './conventions.ts';
export { CronJob, type CronJobProps } from './cron-job.ts';
export type { Panel, Row } from './dashboard/panel.ts';
export type { Env, EnvSource } from './env.ts';
export { type ExposureProps, perMinute, secureHeaders } from './exposure.ts';
export { type ExternalService, external } from './external-service.ts';
export { imagesFrom } from './image.ts';
export { Job, type JobProps } from './job.ts';
export { KubeObject, type Patch } from './kube-object.ts';
export { counter, gauge, histogram, type Metric } from './metric.ts';
export { expressPromBundle, fastApi, type MetricSource, openTelemetry, source } from './metric-source.ts';
export { type Metrics, seriesOf } from './metrics.ts';
export { Migration, type MigrationProps } from './migration/migration.ts';
export { objectStore } from './object-store.ts';
export { Objective, type ObjectiveProps } from './objective/objective.ts';
export { type Archive, archiveOf } from './postgres/archive.ts';
export type { PostgresProps } from './postgres/options.ts';
export { Postgres } from './postgres/postgres.ts';
export { Redis, type RedisProps } from './redis/redis.ts';
export type { RedisClusterProps } from './redis-cluster/options.ts';
export { RedisCluster } from './redis-cluster/redis-cluster.ts';
export type { Replicas } from './replicas.ts';
export { type SecretSource, secret } from './secret.ts';
export { settings } from './settings.ts';
export { StaticSite, type StaticSiteProps } from './static-site.ts';
export { System } from './system.ts';
export { release, tracing } from './telemetry.ts';
export { waive } from './waive.ts';
export { WebService, type WebServiceProps } from './web-service.ts';
export { Worker, type WorkerProps } from './worker.ts';
