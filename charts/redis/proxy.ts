import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Probe, Service } from '../../imports/kubernetes.ts';
import { WorkloadCertificate } from '../certificate.ts';
import { closed } from '../closed.ts';
import { byTier } from '../cluster.ts';
import { METRICS } from '../conventions.ts';
import { KubeObject } from '../kube-object.ts';
import { scrape } from '../metrics.ts';
import { rolling } from '../rolling.ts';
import { secret } from '../secret.ts';
import { Workload } from '../workload.ts';
import { passwordPath, used } from './acl.ts';
import { proxyAlerts } from './alerts/proxy.ts';
import { REDIS_PORT, SENTINEL_PORT } from './config.ts';
import { DRAIN_SECONDS, HEALTH_PORT, haproxyConfig } from './haproxy.ts';
import { IMAGES } from './image.ts';

export interface ProxyOptions {
  /** Pods; in production two at least. @default 2, in development 1 */
  readonly replicas?: number;
  /** @default 100 thousandths of a core */
  readonly cpu?: Cpu;
  /** @default 128 MiB, for 2,000 connections */
  readonly memory?: Size;
}

interface ProxyProps extends ProxyOptions {
  readonly of: Workload;
  readonly hosts: readonly string[];
  readonly quorum: number;
  /** The generation of the servers' own passwords. */
  readonly password?: number;
}

/** How long new clients still come, until every node has heard that the pod goes. */
const LEAVE = Duration.seconds(10);

/** @throws where a value cannot be, or one pod alone would be an outage */
export function checkProxy(path: string, site: Parameters<typeof byTier>[0], proxy: ProxyOptions): void {
  closed(path, proxy, { replicas: true, cpu: true, memory: true }, 'proxy.');
  const least = byTier(site, { development: 1, staging: 1, production: 2 });
  const { replicas = least } = proxy;
  if (!Number.isInteger(replicas) || replicas < least)
    throw new Error(`${path}: proxy.replicas is ${JSON.stringify(replicas)} in ${site.tier}; give at least ${least}`);
}

/** For clients that know nothing of Sentinel: one address that leads to the primary, whoever it is. */
export class RedisProxy extends Workload {
  constructor(scope: Construct, id: string, { of, hosts, quorum, password, ...options }: ProxyProps) {
    super(
      scope,
      id,
      {
        image: IMAGES.proxy,
        command: ['haproxy', '-W', '-db', '-f', CONFIG],
        cpu: options.cpu ?? Cpu.millis(100),
        memory: options.memory ?? Size.mebibytes(128),
        ephemeralStorage: Size.mebibytes(32),
        priority: 'critical',
        env: { PROXY_MASTER: of.name, PROXY_PASSWORD: secret(passwordPath(of.name, 'proxy', used(password))) },
        files: { [CONFIG]: haproxyConfig(hosts, quorum) },
      },
      {},
      { layer: 'data' },
    );
    WorkloadCertificate.of(this);
    this.network.connectTo(of, REDIS_PORT);
    this.network.connectTo(of, SENTINEL_PORT);
    const replicas = options.replicas ?? byTier(this.system.site, { development: 1, staging: 2, production: 2 });
    rolling(this, {
      port: REDIS_PORT,
      replicas,
      leave: LEAVE,
      drain: Duration.seconds(DRAIN_SECONDS),
      container: {
        ports: [
          { name: 'redis', containerPort: REDIS_PORT, protocol: 'TCP' },
          { name: METRICS, containerPort: HEALTH_PORT, protocol: 'TCP' },
        ],
        livenessProbe: ask('/livez'),
        readinessProbe: ask('/readyz', { periodSeconds: 5 }),
        startupProbe: ask('/livez', { failureThreshold: 30, periodSeconds: 2 }),
      },
      patch: {},
    });
    scrape(this, { port: HEALTH_PORT });
    new KubeObject<Service>(
      this,
      'service',
      { apiVersion: 'v1', kind: 'Service', metadata: { ...this.metadata(), name: of.name } },
      { spec: serviceSpec(this) },
    );
    this.dependsOn(of.name);
    this.rules.add({ name: 'proxy', rules: proxyAlerts(this, { replicas, quorum, redis: of.name }) });
  }
}

/** The one address of plain clients: before the proxy, or before a server that stands alone. */
export function serviceSpec({ selector }: Workload): NonNullable<Service['spec']> {
  return {
    ports: [{ name: 'redis', port: REDIS_PORT, protocol: 'TCP', targetPort: 'redis' }],
    selector,
    type: 'ClusterIP',
  };
}

const CONFIG = '/etc/haproxy/haproxy.cfg';

function ask(path: string, rest: Partial<Probe> = {}): Probe {
  return {
    failureThreshold: 3,
    httpGet: { path, port: METRICS, scheme: 'HTTP' },
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 2,
    ...rest,
  };
}
