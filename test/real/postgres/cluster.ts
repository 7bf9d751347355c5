import { setTimeout as sleep } from 'node:timers/promises';
import type { Certificate, ExternalSecret } from '../../../imports/custom.ts';
import type { Service, StatefulSet } from '../../../imports/kubernetes.ts';
import { type CertificateAuthority, createAuthority } from '../pods/certificates.ts';
import { type Layer, podsOf } from '../pods/dist.ts';
import type { PodManifest } from '../pods/manifest.ts';
import { type PodNode, startNode } from '../pods/node.ts';
import type { RunningPod } from '../pods/pod.ts';
import type { Image } from '../pods/programs.ts';
import { secretOf } from '../pods/secrets.ts';
import { until } from '../pods/until.ts';
import { type ApiServer, startApiServer } from './api-server.ts';

/** The servers of a rendered layer as real processes, beside a real API server that keeps who leads. */
export interface PostgresCluster {
  readonly node: PodNode;
  readonly api: ApiServer;
  readonly authority: CertificateAuthority;
  readonly layer: Layer;
  /** By ordinal; what is stopped is undefined. */
  readonly servers: readonly (RunningPod | undefined)[];
  /** What the server with the role says on Patroni's REST API. */
  leader(): Promise<RunningPod>;
  patroni(pod: RunningPod, path: string, method?: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** Every running server streams, and commits wait for all of them. */
  settled(withinSeconds?: number): Promise<void>;
  sql(pod: RunningPod, text: string, database?: string): Promise<string>;
  start(ordinal: number): Promise<RunningPod>;
  /** As `kubectl delete pod`, or as a node that dies where `graceSeconds` is 0: then the API server still has the pod. */
  end(ordinal: number, graceSeconds?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  readonly layer: Layer;
  readonly statefulSet: string;
  readonly kubernetes: string;
  /** What stands for images beside the servers'. */
  readonly images?: readonly Image[];
  /** Changes a pod before it starts: what a test leaves out, said aloud. */
  readonly changed?: (pod: PodManifest) => PodManifest;
}

const CONTAINER = 'database';

/** Starts all servers at once, as the StatefulSet's controller does. */
export async function startCluster({
  layer,
  statefulSet,
  kubernetes,
  images,
  changed = pod => pod,
}: ClusterOptions): Promise<PostgresCluster> {
  const node = await startNode({ images });
  const authority = createAuthority();
  const api = await startApiServer(node, layer, kubernetes);
  await node.apply(...layer.stored);
  for (const external of layer.all<ExternalSecret>('ExternalSecret')) await node.apply(secretOf(external));
  for (const certificate of layer.all<Certificate>('Certificate')) await node.apply(authority.issue(certificate));

  const manifests = podsOf(layer.pick<StatefulSet>('StatefulSet', statefulSet)).map(changed);
  const servers: (RunningPod | undefined)[] = manifests.map(() => undefined);
  let watching = true;
  // What Patroni writes on its pods decides who is behind the Services.
  const labels = (async () => {
    while (watching) {
      for (const server of servers) {
        const now = server && (await api.labelsOf(server.manifest).catch(() => undefined));
        if (now && JSON.stringify(now) !== JSON.stringify(server.labels)) server.setLabels(now);
      }
      await sleep(500);
    }
  })();

  const running = () => servers.filter(server => server !== undefined);
  const patroni: PostgresCluster['patroni'] = async (pod, path, method = 'GET', body) => {
    const { code, stdout, stderr } = await pod.exec(
      [
        ...[
          'curl',
          '-s',
          '-m',
          method === 'GET' ? '3' : '60',
          '--cacert',
          '/etc/drydock/tls/ca.crt',
          '-w',
          '\n%{http_code}',
          '-X',
          method,
        ],
        ...['--cert', '/etc/drydock/tls/tls.crt', '--key', '/etc/drydock/tls/tls.key'],
        ...(body === undefined ? [] : ['-H', 'Content-Type: application/json', '-d', JSON.stringify(body)]),
        `https://${pod.name}.${pod.manifest.spec.subdomain}.${pod.namespace}.svc.cluster.local:8008${path}`,
      ],
      { container: 'agent' },
    );
    if (code !== 0) throw new Error(`${pod.name} ${path}: curl ended with ${code} ${stderr}`);
    const end = stdout.lastIndexOf('\n');
    const said = stdout.slice(0, end);
    return { status: Number(stdout.slice(end)), body: said.startsWith('{') ? JSON.parse(said) : said };
  };
  const sql: PostgresCluster['sql'] = async (pod, text, database = 'postgres') => {
    const psql = [
      'psql',
      '-h',
      '/run/postgresql',
      '-U',
      'postgres',
      '-AtX',
      '-v',
      'ON_ERROR_STOP=1',
      '-d',
      database,
      '-c',
      text,
    ];
    const { code, stdout, stderr } = await pod.exec(psql, { container: CONTAINER });
    if (code !== 0) throw new Error(`${pod.name}: ${text}: ${stderr}`);
    return stdout.trim();
  };
  const answers = async (pod: RunningPod, path: string) => (await patroni(pod, path)).status === 200;
  const start = async (ordinal: number) => {
    const manifest = manifests[ordinal]!;
    await api.deletePod(manifest);
    await api.createPod(manifest);
    const pod = await node.startPod(manifest, { kubelet: true });
    servers[ordinal] = pod;
    return pod;
  };
  await Promise.all(manifests.map((_, ordinal) => start(ordinal)));

  return {
    node,
    api,
    authority,
    layer,
    servers,
    start,
    patroni,
    leader: () =>
      until(
        'one server leads',
        async () => {
          const found = await Promise.all(
            running().map(async pod => (await answers(pod, '/primary').catch(() => false)) && pod),
          );
          const leaders = found.filter(pod => pod !== false);
          return leaders.length === 1 && leaders[0];
        },
        120,
      ),
    async settled(withinSeconds = 120) {
      await until(
        'all servers stream, and every commit waits for each of them',
        async () => {
          const [any] = running();
          const { body } = await patroni(any!, '/cluster');
          const { members } = body as { members: { name: string; role: string; state: string }[] };
          const leader = running().find(({ name }) =>
            members.some(each => each.name === name && each.role === 'leader'),
          );
          const well = members.every(({ role, state }) => state === (role === 'leader' ? 'running' : 'streaming'));
          if (!leader || !well || members.length !== running().length) return false;
          const names = await sql(leader, 'show synchronous_standby_names');
          return members.length === 1 || names.startsWith(`ANY ${members.length - 1} (`);
        },
        withinSeconds,
      );
    },
    sql,
    async end(ordinal, graceSeconds) {
      const pod = servers[ordinal]!;
      servers[ordinal] = undefined;
      await pod.stop(graceSeconds);
      if (graceSeconds !== 0) await api.deletePod(pod.manifest);
    },
    async stop() {
      watching = false;
      await labels;
      await node.stop();
      await api.stop();
      authority.remove();
    },
  };
}

/** The Service that leads to the primary. */
export function primaryOf(layer: Layer): Service {
  return layer.pick<Service>('Service', 'database');
}
