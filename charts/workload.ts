import { type Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type {
  Container,
  NetworkPolicy,
  PodTemplateSpec,
  ServiceAccount,
  Volume,
  VolumeMount,
} from '../imports/kubernetes.ts';
import type { Alert } from './alerting/alert.ts';
import { checkAlert } from './alerting/checks.ts';
import { Rules } from './alerting/rules.ts';
import { AuditLog } from './audit-log.ts';
import { COMPONENT, CONFIG_HASH, GRAFANA, INSTANCE, NAME, type Priority, SYNC_WAVE, VERSION } from './conventions.ts';
import { Dashboard } from './dashboard/dashboard.ts';
import { type Env, Environment } from './env.ts';
import { ConfigFiles, type Files } from './files.ts';
import { checkFlag } from './flag.ts';
import { versionOf } from './image.ts';
import { KubeObject, type Patch } from './kube-object.ts';
import type { Layer } from './layer.ts';
import type { Metrics } from './metrics.ts';
import { NetworkEdges } from './network.ts';
import { hardenedContainer, hardenedPod } from './pod.ts';
import { type ContainerSize, type Demand, mebibytes, milliOf, resourcesOf } from './quota.ts';
import { type Right, Rights } from './rights.ts';
import { checkSizes } from './sizes.ts';
import { type LayerName, System } from './system.ts';

export interface WorkloadProps {
  /** The container's image with its tag, and digest where one is known: `image('zapora/api', site)`. */
  readonly image: string;
  /** What runs instead of the image's own entry point. @default the image's */
  readonly command?: readonly string[];
  /** Its arguments. @default the image's */
  readonly args?: readonly string[];
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
  /** Whether its nodes may go at two minutes' notice; they cost less. @default false */
  readonly spot?: boolean;
  /** The file where it writes its audit log, which is then printed apart from all else. @default it keeps none apart */
  readonly auditLog?: string;
  /** What it may ask of the API server. @default nothing, and no token is mounted */
  readonly rights?: readonly Right[];
}

export interface WorkloadPatches {
  readonly serviceAccount?: Patch<ServiceAccount>;
  readonly networkPolicy?: Patch<NetworkPolicy>;
}

/** Where a workload stands, and when. */
export interface WorkloadPlace {
  /** @default services */
  readonly layer?: LayerName;
  /** Of every object that the pod needs before it can start. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A container beside the workload's own: what it takes, and what it is. */
export interface Companion {
  readonly size: ContainerSize;
  readonly container: Omit<Container, 'resources' | 'securityContext'>;
}

/** Something mounted into the workload's own container. */
export interface Attachment {
  readonly volume: Volume;
  /** Where; left out where only companions mount it. */
  readonly mount?: Omit<VolumeMount, 'name'>;
}

/** What a kind of workload says of its pods. */
export interface PodShape {
  /** How long a pod that is told to stop has to end. */
  readonly grace: Duration;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What every workload is made of, whatever runs it: identity, account, wiring, configuration, a hardened pod. */
export abstract class Workload extends Construct {
  readonly system: System;
  readonly layer: Layer;
  readonly name: string;
  readonly network: NetworkEdges;
  /** What Prometheus judges about it. */
  readonly rules: Rules;
  /** What people see of it. */
  readonly dashboard: Dashboard;
  readonly #dependencies = new Set<string>();
  /** The one label that selectors, policies and budgets match. It never follows the construct path. */
  readonly selector: Record<string, string>;
  readonly #environment: Environment;
  readonly #files: ConfigFiles;
  readonly #auditLog: AuditLog | undefined;
  readonly #rights: Rights | undefined;
  readonly #attachments = new Map<string, Attachment>();

  constructor(
    scope: Construct,
    id: string,
    protected readonly props: WorkloadProps,
    patch: WorkloadPatches = {},
    private readonly at: WorkloadPlace = {},
  ) {
    super(scope, id);
    this.system = System.of(this);
    this.layer = this.system.layer(at.layer ?? 'services');
    this.name = id;
    this.selector = { [INSTANCE]: id };
    // It names the Service too, whose grammar (RFC 1035) is the narrowest.
    if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(id)) {
      throw new Error(
        `${this.node.path}: "${id}" cannot name its objects; use lower-case letters, digits and -, 63 characters at most`,
      );
    }
    checkShapes(this.node.path, props);
    checkSizes(this.node.path, props);
    this.network = new NetworkEdges(this, patch.networkPolicy);
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
    this.#auditLog = props.auditLog === undefined ? undefined : new AuditLog(this.node.path, props.auditLog);
    this.#rights = props.rights?.length ? new Rights(this, props.rights) : undefined;
    this.#files = new ConfigFiles(this, props.files ?? {});
    this.rules = new Rules(this, 'alerts', this);
    const uid = GRAFANA.uid(this.system.name, id);
    this.dashboard = new Dashboard(this, { title: `${this.system.name}: ${id}`, uid, system: this.system.name }, () =>
      this.metadata(),
    );
    this.system.showOverview();
    this.#environment = new Environment(this);
    this.wire(props.env ?? {});
  }

  /** Gives it more variables: for what exists only after it, such as a service that it calls and that calls it back. */
  wire(env: Env): void {
    this.#environment.add(env);
  }

  /** Alerts of its own, beside those that its kind brings. @throws where a field is missing, unknown or of another kind */
  alert(...alerts: readonly Alert[]): void {
    for (const alert of alerts) checkAlert(this.node.path, alert);
    this.rules.add({ name: 'own', rules: alerts });
  }

  /** Where Prometheus asks it, and what it then hears; left out where nobody asks. */
  get metrics(): Metrics | undefined {
    return undefined;
  }

  /** The databases that it is or asks, by name. */
  get dependencies(): readonly string[] {
    return [...this.#dependencies].sort();
  }

  /** Says that it is nothing without a database: while that is down, its own alerts of errors are not news. */
  dependsOn(database: string): void {
    this.#dependencies.add(database);
  }

  /** Whether it has an audit log that is printed apart. */
  get keepsAuditLog(): boolean {
    return this.#auditLog !== undefined;
  }

  /** Whether it runs, and ends, before all else of its layer. */
  get isBeforeRollout(): boolean {
    return this.at.annotations?.[SYNC_WAVE] !== undefined;
  }

  get namespace(): string {
    return this.layer.namespace;
  }

  /** Labels of every object of this workload. */
  get labels(): Record<string, string> {
    return { [NAME]: this.name, ...this.selector, [COMPONENT]: this.name };
  }

  /** Labels of the workload's controller and its pods: with the version, which a release changes and nothing selects. */
  get versioned(): Record<string, string> {
    return { ...this.labels, [VERSION]: versionOf(this.props.image) };
  }

  /** Name, namespace and labels of an object that the pod needs, or that is about it. */
  metadata(labels = this.labels) {
    const { name, namespace } = this;
    return { name, namespace, labels, annotations: { ...this.at.annotations } };
  }

  /** Containers that run beside its own, each as hardened as that. */
  protected get companions(): readonly Companion[] {
    return [];
  }

  /** Mounts something into its pods; once, however often it is asked. */
  attach(attachment: Attachment): void {
    this.#attachments.set(attachment.volume.name, attachment);
  }

  /** What `pods` of this workload take at once, for the quota. */
  demand(pods: number): Demand {
    const companions = this.companions.map(({ size }) => size);
    return { pods, containers: [this.#size, ...companions, ...(this.#auditLog ? [this.#auditLog.size] : [])] };
  }

  /** The pod, hardened; `container` says what this kind of workload adds (ports, probes, lifecycle). */
  podTemplate(container: Partial<Container>, pod: PodShape): PodTemplateSpec {
    const { spot = false, priority = 'standard' } = this.props;
    // The notice that a cloud gives (AWS: docs, "Spot Instance interruption notices").
    if (spot && pod.grace.toSeconds() > 120)
      throw new Error(
        `${this.node.path}: a pod needs ${pod.grace.toSeconds()} seconds to end, and a spot node goes after 120; shorten drain, or leave spot out`,
      );
    const hash = this.#files.hash;
    const annotations = { ...pod.annotations, ...(hash !== undefined && { [CONFIG_HASH]: hash }) };
    return {
      metadata: {
        labels: { ...this.system.labels, ...this.versioned },
        ...(Object.keys(annotations).length > 0 && { annotations }),
      },
      spec: {
        ...hardenedPod({ serviceAccount: this.name, priority, selector: this.selector, spot }),
        containers: [
          this.#container(container),
          ...this.companions.map(({ size, container: its }) => ({
            imagePullPolicy: 'IfNotPresent' as const,
            ...its,
            resources: resourcesOf(size),
            securityContext: hardenedContainer(),
          })),
        ],
        ...(this.#auditLog && { initContainers: [this.#auditLog.container] }),
        terminationGracePeriodSeconds: pod.grace.toSeconds(),
        volumes: [
          { name: 'tmp', emptyDir: { sizeLimit: mebibytes(this.#size.ephemeralStorage.toMebibytes()) } },
          ...this.#files.volumes,
          ...(this.#auditLog ? [this.#auditLog.volume] : []),
          ...(this.#rights ? [this.#rights.volume] : []),
          ...this.#attached.map(({ volume }) => volume),
        ],
      },
    };
  }

  #container(its: Partial<Container>): Container {
    const { image, command, args } = this.props;
    const { variables } = this.#environment;
    return {
      name: this.name,
      image,
      // What holds data must come back while the registry is away.
      imagePullPolicy: this.layer.name === 'data' ? 'IfNotPresent' : 'Always',
      ...(command && { command: [...command] }),
      ...(args && { args: [...args] }),
      ...its,
      ...(variables.length > 0 && { env: variables }),
      resources: resourcesOf(this.#size),
      securityContext: hardenedContainer(),
      volumeMounts: [
        { name: 'tmp', mountPath: '/tmp' },
        ...this.#files.mounts,
        ...(this.#auditLog ? [this.#auditLog.mount] : []),
        ...(this.#rights ? [this.#rights.mount] : []),
        ...this.#attached.flatMap(({ volume, mount }) => (mount ? [{ name: volume.name, ...mount }] : [])),
        ...(its.volumeMounts ?? []),
      ],
    };
  }

  /** In an order of its own, since clients are wired in any. */
  get #attached(): Attachment[] {
    return [...this.#attachments.values()].sort((a, b) => (a.volume.name < b.volume.name ? -1 : 1));
  }

  get #size(): ContainerSize {
    const { cpu, cpuLimit = Cpu.millis(milliOf(cpu) * 4), memory, ephemeralStorage = Size.mebibytes(256) } = this.props;
    return { cpu, cpuLimit, memory, ephemeralStorage };
  }
}

/** @throws where a value is of another kind than its type says, and would be taken for something */
function checkShapes(path: string, { image, command, args, spot, rights }: WorkloadProps): void {
  const fail = (given: string, remedy: string) => {
    throw new Error(`${path}: ${given}; ${remedy}`);
  };
  if (typeof image !== 'string') fail(`image is ${JSON.stringify(image)}`, "write image('<system>/<name>', site)");
  for (const [name, list] of Object.entries({ command, args, rights })) {
    if (list !== undefined && !Array.isArray(list)) fail(`${name} is ${JSON.stringify(list)}`, 'give a list');
  }
  if (spot !== undefined) checkFlag(path, 'spot', spot);
}

/** The options of every workload, for `closed`. */
export const WORKLOAD_OPTIONS: Readonly<Record<keyof WorkloadProps, true>> = {
  image: true,
  command: true,
  args: true,
  cpu: true,
  cpuLimit: true,
  memory: true,
  ephemeralStorage: true,
  env: true,
  files: true,
  priority: true,
  spot: true,
  auditLog: true,
  rights: true,
};
