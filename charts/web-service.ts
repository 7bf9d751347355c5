import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type {
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  PodDisruptionBudget,
  Probe,
  Service,
} from '../imports/kubernetes.ts';
import { closed } from './closed.ts';
import { HTTP, SERVICE_PORT } from './conventions.ts';
import type { EnvSource } from './env.ts';
import { Exposure, type ExposureProps } from './exposure.ts';
import { type Body, KubeObject, type Patch } from './kube-object.ts';
import { atOnce } from './quota.ts';
import { autoscaler, highest, isScaled, type Replicas } from './replicas.ts';
import { WORKLOAD_OPTIONS, Workload, type WorkloadPatches, type WorkloadProps } from './workload.ts';

export interface WebServiceProps extends WorkloadProps {
  /** The TCP port its HTTP listens on, 1024 or higher: nothing runs as root. */
  readonly port: number;
  /** A fixed number, or a range with what it scales on. */
  readonly replicas: Replicas;
  /** Where it says how it is. @default ready at /readyz, live at /livez, asked every 10 s, answered within 2 s */
  readonly health?: Health;
  /** How long a pod may finish what it has begun, after it is out of every load balancer. @default 20 seconds */
  readonly drain?: Duration;
  /** The last word on each object it makes. */
  readonly patch?: WebServicePatches;
}

export interface Health {
  /** Answers 200 when it can take requests. */
  readonly ready?: string;
  /** Answers 200 when it need not be restarted. Another path than `ready`: a busy dependency is no reason to restart. */
  readonly live?: string;
  readonly every?: Duration;
  readonly timeout?: Duration;
}

export interface WebServicePatches extends WorkloadPatches {
  readonly deployment?: Patch<Deployment>;
  readonly service?: Patch<Service>;
  readonly autoscaler?: Patch<HorizontalPodAutoscaler>;
  readonly disruptionBudget?: Patch<PodDisruptionBudget>;
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
    this.#checkOptions();
    const { port, replicas, patch = {} } = service;
    if (!Number.isInteger(port) || port < 1024 || port > 65535) {
      throw new Error(`${this.node.path}: port is ${port}; give a port from 1024 to 65535, nothing runs as root`);
    }
    const { ready, live } = this.#health;
    if (ready === live) {
      throw new Error(`${this.node.path}: health.ready and health.live are both "${ready}"; give two paths`);
    }
    this.port = port;
    this.url = {
      bind: to => {
        to.network.connectTo(this, port);
        return { value: `http://${this.name}.${this.namespace}.svc` };
      },
    };
    this.layer.expect(() => this.demand(atOnce(highest(replicas))));
    const metadata = this.metadata();

    new KubeObject<Deployment>(
      this,
      'deployment',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: this.metadata(this.versioned),
      },
      () => this.#deployment(),
      patch.deployment,
    );

    new KubeObject<Service>(
      this,
      'service',
      { apiVersion: 'v1', kind: 'Service', metadata },
      {
        spec: {
          ports: [{ name: HTTP, appProtocol: 'http', port: SERVICE_PORT, protocol: 'TCP', targetPort: HTTP }],
          selector: this.selector,
          type: 'ClusterIP',
        },
      },
      patch.service,
    );

    new KubeObject<PodDisruptionBudget>(
      this,
      'disruption-budget',
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata,
      },
      {
        spec: {
          // One at a time, always: a node can be drained, and the rest serve.
          maxUnavailable: 1,
          selector: { matchLabels: this.selector },
          // A pod that is not ready anyway must not keep a node from being drained.
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
        },
      },
      patch.disruptionBudget,
    );

    const scaling = autoscaler(this.node.path, this.name, replicas);
    if (scaling) {
      new KubeObject<HorizontalPodAutoscaler>(
        this,
        'autoscaler',
        {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata,
        },
        { spec: scaling },
        patch.autoscaler,
      );
    }
  }

  /** Gives it a host name at the cluster's edge, with a certificate. Call it once for each host; from the second on with a `name`. */
  expose(props: ExposureProps): Exposure {
    return new Exposure(this, props, this.service.patch?.ingress);
  }

  #checkOptions(): void {
    const { path } = this.node;
    const { health, drain, patch = {}, replicas } = this.service;
    closed(path, this.service, OPTIONS);
    if (health) closed(path, health, { ready: true, live: true, every: true, timeout: true }, 'health.');
    closed(path, patch, PATCHES, 'patch.');
    for (const [name, value] of Object.entries({
      drain,
      'health.every': health?.every,
      'health.timeout': health?.timeout,
    })) {
      if (value !== undefined && !(value instanceof Duration)) {
        throw new Error(`${path}: ${name} is ${JSON.stringify(value)}; write Duration.seconds(20)`);
      }
    }
    if (patch.autoscaler && !isScaled(replicas)) {
      throw new Error(`${path}: patch.autoscaler has nothing to patch; give replicas a range, or leave the patch out`);
    }
  }

  get #health(): Required<Health> {
    const {
      ready = '/readyz',
      live = '/livez',
      every = Duration.seconds(10),
      timeout = Duration.seconds(2),
    } = this.service.health ?? {};
    return { ready, live, every, timeout };
  }

  #deployment(): Body<Deployment> {
    const { port, replicas, drain = Duration.seconds(20) } = this.service;
    const { ready, live, every, timeout } = this.#health;
    const ask = (path: string, rest: Partial<Probe>): Probe => ({
      failureThreshold: 3,
      httpGet: { path, port: HTTP, scheme: 'HTTP' },
      periodSeconds: every.toSeconds(),
      successThreshold: 1,
      timeoutSeconds: timeout.toSeconds(),
      ...rest,
    });
    return {
      spec: {
        progressDeadlineSeconds: 600,
        // Absent where an autoscaler decides: every apply would set the number back.
        ...(!isScaled(replicas) && { replicas }),
        revisionHistoryLimit: 5,
        selector: { matchLabels: this.selector },
        strategy: { rollingUpdate: { maxSurge: SURGE, maxUnavailable: 0 }, type: 'RollingUpdate' },
        template: this.podTemplate(
          {
            lifecycle: { preStop: { sleep: { seconds: LEAVE.toSeconds() } } },
            livenessProbe: ask(live, {}),
            ports: [{ name: HTTP, containerPort: port, protocol: 'TCP' }],
            readinessProbe: ask(ready, {}),
            // Two minutes to start; until then nobody calls it dead.
            startupProbe: ask(live, { failureThreshold: 60, periodSeconds: 2 }),
          },
          { grace: Duration.seconds(LEAVE.toSeconds() + drain.toSeconds() + 5) },
        ),
      },
    };
  }
}

const SURGE = '25%';

const OPTIONS: Readonly<Record<keyof WebServiceProps, true>> = {
  ...WORKLOAD_OPTIONS,
  port: true,
  replicas: true,
  health: true,
  drain: true,
  patch: true,
};

const PATCHES: Readonly<Record<keyof WebServicePatches, true>> = {
  deployment: true,
  service: true,
  autoscaler: true,
  disruptionBudget: true,
  networkPolicy: true,
  serviceAccount: true,
  ingress: true,
};
