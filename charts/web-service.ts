import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Ingress, Service } from '../imports/kubernetes.ts';
import { anomalies } from './alerting/anomaly.ts';
import { closed } from './closed.ts';
import { HTTP, SERVICE_PORT } from './conventions.ts';
import { type EnvSource, reference } from './env.ts';
import { Exposure, type ExposureProps } from './exposure.ts';
import { complete, type Health } from './health.ts';
import { KubeObject, type Patch } from './kube-object.ts';
import type { Metrics } from './metrics.ts';
import type { Replicas } from './replicas.ts';
import { type RollingPatches, rolling } from './rolling.ts';
import { WORKLOAD_OPTIONS, Workload, type WorkloadPatches, type WorkloadProps } from './workload.ts';

export interface WebServiceProps extends WorkloadProps {
  /** The TCP port its HTTP listens on, 1024 or higher: nothing runs as root. */
  readonly port: number;
  /** A fixed number, or a range with what it scales on. */
  readonly replicas: Replicas;
  /** Where it says how it is. @default ready at /readyz, live at /livez, asked every 10 s, answered within 2 s */
  readonly health?: Health;
  /** Where Prometheus asks it. @default nowhere */
  readonly metrics?: Metrics;
  /** How long a pod may finish what it has begun, after it is out of every load balancer. @default 20 seconds */
  readonly drain?: Duration;
  /** The last word on each object it makes. */
  readonly patch?: WebServicePatches;
}

export interface WebServicePatches extends WorkloadPatches, RollingPatches {
  readonly service?: Patch<Service>;
  readonly ingress?: Patch<Ingress>;
}

/**
 * How long a pod that is told to stop goes on answering, so that load balancers and other nodes learn of it first. The
 * ingress controller and kube-proxy need a few seconds; ten leaves room.
 */
const LEAVE = Duration.seconds(10);

/**
 * A service that answers HTTP: a Deployment that rolls without an outage, scales, spreads and drains, behind a Service,
 * closed to all but those it is wired to.
 *
 * @throws where port, replicas or health cannot be
 */
export class WebService extends Workload {
  /** `http://<name>.<namespace>.svc`; given to another workload's `env` it opens the network between the two. */
  readonly url: EnvSource;
  readonly port: number;

  constructor(
    scope: Construct,
    id: string,
    private readonly service: WebServiceProps,
  ) {
    super(scope, id, service, service.patch);
    const { port, replicas, metrics, health, drain = Duration.seconds(20), patch = {} } = service;
    const { path } = this.node;
    closed(path, service, OPTIONS);
    closed(path, patch, PATCHES, 'patch.');
    rolling(this, { port, replicas, metrics, health, leave: LEAVE, drain, patch });
    this.port = port;
    const url = `http://${this.name}.${this.namespace}.svc`;
    this.url = reference(url, to => {
      to.network.connectTo(this, port);
      return { value: url };
    });

    new KubeObject<Service>(
      this,
      'service',
      { apiVersion: 'v1', kind: 'Service', metadata: this.metadata() },
      {
        spec: {
          ports: [{ name: HTTP, appProtocol: 'http', port: SERVICE_PORT, protocol: 'TCP', targetPort: HTTP }],
          selector: this.selector,
          type: 'ClusterIP',
        },
      },
      patch.service,
    );
    this.rules.add(...anomalies(this));
  }

  override get metrics(): Metrics | undefined {
    return this.service.metrics;
  }

  /** Where it says that it takes requests, and how long it may take to get there. */
  get readiness(): { readonly path: string; readonly start: Duration } {
    const { ready, start } = complete(this.service.health);
    return { path: ready, start };
  }

  /** Gives it a host name at the cluster's edge, with a certificate. Call it once for each host; from the second on with a `name`. */
  expose(props: ExposureProps): Exposure {
    return new Exposure(this, props, this.service.patch?.ingress);
  }
}

const OPTIONS: Readonly<Record<keyof WebServiceProps, true>> = {
  ...WORKLOAD_OPTIONS,
  port: true,
  replicas: true,
  health: true,
  metrics: true,
  drain: true,
  patch: true,
};

const PATCHES: Readonly<Record<keyof WebServicePatches, true>> = {
  deployment: true,
  service: true,
  autoscaler: true,
  scaledObject: true,
  disruptionBudget: true,
  networkPolicy: true,
  serviceAccount: true,
  ingress: true,
};
