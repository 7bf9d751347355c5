import { Size } from '../../../charts/index.ts';
import type { RedisClusterProps } from '../../../charts/redis-cluster/options.ts';
import { RedisCluster } from '../../../charts/redis-cluster/redis-cluster.ts';
import type { Certificate, ExternalSecret } from '../../../imports/custom.ts';
import type { CronJob, StatefulSet } from '../../../imports/kubernetes.ts';
import { rendered, system } from '../../charts/fixture.ts';
import { type CertificateAuthority, createAuthority } from '../pods/certificates.ts';
import { type Layer, layerFrom, podOf, podOfJob } from '../pods/dist.ts';
import { type PodNode, startNode } from '../pods/node.ts';
import type { RunningPod } from '../pods/pod.ts';
import { type Store, secretOf } from '../pods/secrets.ts';
import { until } from '../pods/until.ts';
import { BUCKET, NAMESPACE, STORE } from '../redis/fixture.ts';
import { ClusterClient } from './client.ts';

const DOMAIN = `cache-pods.${NAMESPACE}.svc.cluster.local`;

export interface Member {
  readonly id: string;
  readonly pod: string;
  readonly primary: boolean;
  readonly of: string;
  readonly slots: number;
  readonly up: boolean;
}

/** A rendered cluster on a node of the test's own, and what a test does to it. */
export class Fixture {
  readonly #pods = new Map<number, RunningPod>();
  #layer: Layer;

  private constructor(
    readonly node: PodNode,
    readonly authority: CertificateAuthority,
    private readonly store: Store,
    layer: Layer,
  ) {
    this.#layer = layer;
  }

  static async start(props: Partial<RedisClusterProps> = {}, store: Store = () => undefined) {
    const fixture = new Fixture(await startNode(), createAuthority(), store, layerWith(props));
    await fixture.apply();
    return fixture;
  }

  /** Renders anew, and tells the node: what a sync does, but for the pods. */
  async change(props: Partial<RedisClusterProps>): Promise<void> {
    this.#layer = layerWith(props);
    await this.apply();
  }

  async apply(): Promise<void> {
    await this.node.apply(
      ...this.#layer.stored,
      ...this.#layer.all<ExternalSecret>('ExternalSecret').map(each => secretOf(each, this.store)),
      ...this.#layer.all<Certificate>('Certificate').map(each => this.authority.issue(each)),
    );
  }

  get layer(): Layer {
    return this.#layer;
  }

  get pods(): RunningPod[] {
    return [...this.#pods.values()];
  }

  pod(ordinal: number): RunningPod {
    return this.#pods.get(ordinal)!;
  }

  async startPods(...ordinals: readonly number[]): Promise<void> {
    const set = this.#layer.pick<StatefulSet>('StatefulSet', 'cache');
    await Promise.all(
      ordinals.map(async ordinal => {
        this.#pods.set(ordinal, await this.node.startPod(podOf(set, ordinal), { kubelet: true }));
      }),
    );
  }

  /** @param graceSeconds 0 kills at once */
  async stopPods(ordinals: readonly number[], graceSeconds?: number): Promise<void> {
    await Promise.all(ordinals.map(ordinal => this.pod(ordinal).stop(graceSeconds)));
    for (const ordinal of ordinals) this.#pods.delete(ordinal);
  }

  /** Runs a CronJob's pod to its end. */
  async run(cronJob: string, suffix: string): Promise<{ codes: Readonly<Record<string, number>>; logs: string }> {
    const pod = await this.node.startPod(podOfJob(this.#layer.pick<CronJob>('CronJob', cronJob), suffix));
    const codes = await pod.finished();
    const logs = pod.manifest.spec.containers.map(({ name }) => pod.logs(name)).join('');
    const first = (pod.manifest.spec.initContainers ?? []).map(({ name }) => pod.logs(name)).join('');
    await pod.stop(0);
    return { codes, logs: first + logs };
  }

  wipe(ordinal: number): void {
    this.node.wipeClaim(NAMESPACE, `data-cache-${ordinal}`);
  }

  folder(ordinal: number): string {
    return this.node.claim(NAMESPACE, `data-cache-${ordinal}`);
  }

  /** A command at a pod's server, as its own scripts give it. */
  async ask(ordinal: number, command: string): Promise<string> {
    const script = `. /etc/drydock/redis/lib.sh; self 6379 ${command}`;
    return (await this.pod(ordinal).exec(['sh', '-c', script], { container: 'cache' })).stdout;
  }

  /** All nodes, as one sees them. @param by a pod's ordinal */
  async members(by: number): Promise<Member[]> {
    const lines = (await this.ask(by, 'cluster nodes')).split('\n').filter(line => line.includes('connected'));
    return lines.map(line => {
      const [id = '', address = '', flags = '', of = '', , , , link, ...slots] = line.split(' ');
      const ranges = slots.filter(each => !each.startsWith('[')).map(each => each.split('-').map(Number));
      return {
        id,
        pod: /,(cache-\d+)\./.exec(address)?.[1] ?? address,
        primary: flags.includes('master'),
        of,
        slots: ranges.reduce((sum, [from = 0, to = from]) => sum + to - from + 1, 0),
        up: !/fail|noaddr|handshake/.test(flags) && (link === 'connected' || flags.includes('myself')),
      };
    });
  }

  /** Every pod is ready and all agree: each shard with a primary and its copies, all slots covered, nobody besides. */
  async whole(shards: number, within = 60): Promise<void> {
    const pods = this.pods;
    await until('every pod is ready', () => pods.every(({ ready }) => ready), within);
    await until(
      'all agree on a whole cluster',
      async () => {
        for (const ordinal of this.#pods.keys()) {
          const members = await this.members(ordinal);
          const primaries = members.filter(({ primary }) => primary);
          if (members.length !== pods.length || !members.every(({ up }) => up)) return false;
          if (primaries.length !== shards || primaries.some(({ slots }) => slots === 0)) return false;
          if (primaries.reduce((sum, { slots }) => sum + slots, 0) !== 16384) return false;
          if (!primaries.every(({ id }) => members.some(({ of }) => of === id))) return false;
        }
        return true;
      },
      within,
    );
  }

  /** The ordinal of a shard's primary and of its copy, as all see it. @param shard of which pod */
  async pair(pod: number): Promise<{ primary: number; replica: number }> {
    const by = [...this.#pods.keys()][0]!;
    const members = await this.members(by);
    const self = members.find(each => each.pod === `cache-${pod}` && each.up)!;
    const primary = self.primary ? self : members.find(({ id }) => id === self.of)!;
    const replica = members.find(({ of, up }) => of === primary.id && up)!;
    return { primary: ordinalOf(primary.pod), replica: ordinalOf(replica.pod) };
  }

  /** How many keys the primaries have. */
  async size(): Promise<number> {
    const members = await this.members([...this.#pods.keys()][0]!);
    const primaries = members.filter(({ primary, slots }) => primary && slots > 0);
    const sizes = await Promise.all(primaries.map(({ pod }) => this.ask(ordinalOf(pod), 'dbsize')));
    return sizes.reduce((sum, each) => sum + Number(each), 0);
  }

  client(user = 'app_1', password = this.password('app')): ClusterClient {
    return new ClusterClient(`cache.${NAMESPACE}.svc`, this.as(user, password));
  }

  as(user: string, password: string) {
    return { user, password, ca: this.authority.ca, addressOf: (host: string) => this.#addressOf(host) };
  }

  password(account: string): string {
    const secret = secretOf(this.#layer.pick<ExternalSecret>('ExternalSecret', 'cache'), this.store);
    return secret.stringData![`${account}-1`]!;
  }

  logs(): string {
    return this.pods.map(pod => `== ${pod.name}\n${pod.logs('agent')}\n${pod.logs('cache').slice(-3000)}`).join('\n');
  }

  async stop(): Promise<void> {
    await this.node.stop();
    this.authority.remove();
  }

  #addressOf(host: string): string | undefined {
    if (host === `cache.${NAMESPACE}.svc`) return this.pods.find(({ ready }) => ready)?.ip;
    return this.pods.find(({ name }) => `${name}.${DOMAIN}` === host)?.ip;
  }
}

export function ordinalOf(pod: string): number {
  return Number(pod.replace(/^.*-/, ''));
}

function layerWith(props: Partial<RedisClusterProps>): Layer {
  const store = { provider: 's3', bucket: BUCKET, region: 'us-east-1', endpoint: `http://${STORE}:5001` } as const;
  const shop = system({ objectStores: { backups: store } });
  new RedisCluster(shop, 'cache', {
    shards: 3,
    memory: Size.mebibytes(256),
    eviction: 'noeviction',
    storage: Size.gibibytes(1),
    ...props,
  });
  const { all, findings } = rendered(shop);
  if (findings.length > 0) throw new Error(findings.join('\n'));
  return layerFrom('the test', all);
}
