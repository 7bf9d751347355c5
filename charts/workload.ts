import { type Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { Container, EnvVar, NetworkPolicy, PodTemplateSpec, ServiceAccount } from '../imports/kubernetes.ts';
import { COMPONENT, CONFIG_HASH, INSTANCE, NAME, type Priority, VERSION } from './conventions.ts';
import { type Env, environment } from './env.ts';
import { ConfigFiles, type Files } from './files.ts';
import { versionOf } from './image.ts';
import { KubeObject, type Patch } from './kube-object.ts';
import type { Layer } from './layer.ts';
import { NetworkEdges } from './network.ts';
import { hardenedContainer, hardenedPod } from './pod.ts';
import { cores, type Demand, mebibytes, milliOf } from './quota.ts';
import { System } from './system.ts';

export interface WorkloadProps {
  /** The container's image with its tag, and digest where one is known: `image('zapora/api', site)`. */
  readonly image: string;
  /** What the scheduler reserves for one pod. */
  readonly cpu: Cpu;
  /** Where one pod is throttled. @default four times `cpu`, room for start-up and bursts */
  readonly cpuLimit?: Cpu;
  /** Reserved and at once the limit: memory that is not reserved ends as an out-of-memory kill on somebody's busy day. */
  readonly memory: Size;
  /** Disk for logs and temporary files. @default 256 MiB */
  readonly ephemeralStorage?: Size;
  /** Settings, secrets and what the workload is wired to, by variable. */
  readonly env?: Env;
  /** Configuration files by absolute path: their text, whose change rolls the pods, or `secret('…')`. */
  readonly files?: Files;
  /** @default standard: scheduled before batch work, after what holds data */
  readonly priority?: Priority;
}

export interface WorkloadPatches {
  readonly serviceAccount?: Patch<ServiceAccount>;
  readonly networkPolicy?: Patch<NetworkPolicy>;
}

/** What every workload is made of, whatever runs it: identity, account, wiring, configuration, a hardened pod. */
export abstract class Workload extends Construct {
  readonly system: System;
  readonly layer: Layer;
  readonly name: string;
  readonly network: NetworkEdges;
  /** The one label that selectors, policies and budgets match. It never follows the construct path. */
  readonly selector: Record<string, string>;
  readonly #variables: EnvVar[];
  readonly #files: ConfigFiles;

  constructor(
    scope: Construct,
    id: string,
    protected readonly props: WorkloadProps,
    patch: WorkloadPatches = {},
  ) {
    super(scope, id);
    this.system = System.of(this);
    this.layer = this.system.layer('services');
    this.name = id;
    this.selector = { [INSTANCE]: id };
    // It names the Service too, whose grammar (RFC 1035) is the narrowest.
    if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(id)) {
      throw new Error(
        `${this.node.path}: "${id}" cannot name its objects; use lower-case letters, digits and -, 63 characters at most`,
      );
    }
    checkSizes(this.node.path, props);
    this.network = new NetworkEdges(this, patch.networkPolicy);
    this.#variables = environment(this, props.env ?? {});
    this.#files = new ConfigFiles(this, props.files ?? {});

    new KubeObject<ServiceAccount>(
      this,
      'service-account',
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: this.metadata(),
      },
      { automountServiceAccountToken: false },
      patch.serviceAccount,
    );
  }

  get namespace(): string {
    return this.layer.namespace;
  }

  /** Labels of every object of this workload. */
  get labels(): Record<string, string> {
    return { [NAME]: this.name, ...this.selector, [COMPONENT]: this.name };
  }

  /** Labels of the workload's controller and its pods: with the version, which a release changes and nothing selects. */
  protected get versioned(): Record<string, string> {
    return { ...this.labels, [VERSION]: versionOf(this.props.image) };
  }

  protected metadata(labels = this.labels): { name: string; namespace: string; labels: Record<string, string> } {
    return { name: this.name, namespace: this.namespace, labels };
  }

  /** What `pods` of this workload take at once, for the quota. */
  protected demand(pods: number): Demand {
    const { cpu, memory } = this.props;
    return { pods, cpu, cpuLimit: this.#cpuLimit, memory, ephemeralStorage: this.#ephemeralStorage };
  }

  /** The pod, hardened; `container` says what this kind of workload adds (ports, probes, lifecycle). */
  protected podTemplate(container: Partial<Container>, pod: { grace: Duration }): PodTemplateSpec {
    const { props } = this;
    const limits = {
      'ephemeral-storage': mebibytes(this.#ephemeralStorage.toMebibytes()),
      memory: mebibytes(props.memory.toMebibytes()),
    };
    const files = this.#files;
    const hash = files.hash;
    return {
      metadata: {
        labels: { ...this.system.labels, ...this.versioned },
        ...(hash !== undefined && { annotations: { [CONFIG_HASH]: hash } }),
      },
      spec: {
        ...hardenedPod({ serviceAccount: this.name, priority: props.priority ?? 'standard', selector: this.selector }),
        containers: [
          {
            name: this.name,
            image: props.image,
            imagePullPolicy: 'Always',
            ...container,
            ...(this.#variables.length > 0 && { env: this.#variables }),
            resources: {
              limits: { cpu: cores(milliOf(this.#cpuLimit)), ...limits },
              requests: { cpu: cores(milliOf(props.cpu)), ...limits },
            },
            securityContext: hardenedContainer(),
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }, ...files.mounts],
          },
        ],
        terminationGracePeriodSeconds: pod.grace.toSeconds(),
        volumes: [{ name: 'tmp', emptyDir: { sizeLimit: limits['ephemeral-storage'] } }, ...files.volumes],
      },
    };
  }

  get #cpuLimit(): Cpu {
    const { cpu, cpuLimit } = this.props;
    return cpuLimit ?? Cpu.millis(milliOf(cpu) * 4);
  }

  get #ephemeralStorage(): Size {
    return this.props.ephemeralStorage ?? Size.mebibytes(256);
  }
}

/** @throws where a size is missing, has no unit, or is nothing */
function checkSizes(path: string, { cpu, cpuLimit, memory, ephemeralStorage }: WorkloadProps): void {
  for (const [name, value] of Object.entries({ cpu, memory })) {
    if (value === undefined) {
      throw new Error(
        `${path}: ${name} is missing; say what one pod needs, as in ${EXAMPLES[name as 'cpu' | 'memory']}`,
      );
    }
  }
  for (const [name, value] of Object.entries({ cpu, cpuLimit })) {
    if (value === undefined) continue;
    if (!(value instanceof Cpu)) throw new Error(`${path}: ${name} is ${JSON.stringify(value)}; write ${EXAMPLES.cpu}`);
    if (!(milliOf(value) >= 1))
      throw new Error(`${path}: ${name} is ${value.amount}; give at least one thousandth of a core`);
  }
  for (const [name, value] of Object.entries({ memory, ephemeralStorage })) {
    if (value === undefined) continue;
    if (!(value instanceof Size))
      throw new Error(`${path}: ${name} is ${JSON.stringify(value)}; write ${EXAMPLES.memory}`);
    if (!(value.toMebibytes() >= 1)) throw new Error(`${path}: ${name} is ${value.toMebibytes()} MiB; give at least 1`);
  }
}

const EXAMPLES = { cpu: 'Cpu.millis(250)', memory: 'Size.mebibytes(512)' };

/** The options of every workload, for `closed`. */
export const WORKLOAD_OPTIONS: Readonly<Record<keyof WorkloadProps, true>> = {
  image: true,
  cpu: true,
  cpuLimit: true,
  memory: true,
  ephemeralStorage: true,
  env: true,
  files: true,
  priority: true,
};
