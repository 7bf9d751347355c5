import { fileURLToPath } from 'node:url';
import { Redis, type RedisProps, Size, type Tier } from '../../../charts/index.ts';
import type { Certificate, ExternalSecret } from '../../../imports/custom.ts';
import type { Deployment, StatefulSet } from '../../../imports/kubernetes.ts';
import { rendered, service, system } from '../../charts/fixture.ts';
import type { CertificateAuthority } from '../pods/certificates.ts';
import { type Layer, layerFrom, podOf } from '../pods/dist.ts';
import type { PodNode } from '../pods/node.ts';
import type { RunningPod } from '../pods/pod.ts';
import type { Image } from '../pods/programs.ts';
import { madeUp, secretOf } from '../pods/secrets.ts';

export const NAMESPACE = 'shop-data';
/** Where the emulator of S3 answers. */
export const STORE = 'objects.example.org';
export const BUCKET = 'test-backups';

const TOOLS = fileURLToPath(new URL('.', import.meta.url));

export const IMAGES: readonly Image[] = [
  {
    matches: /shop\/web/,
    stand: 'a client in Python',
    entrypoint: ['sleep', 'infinity'],
    files: { '/opt/test': { folder: TOOLS } },
  },
];

/** A system with a cache that clients call in both ways. */
export function layer(props: Partial<RedisProps> = {}, id = 'cache', tier: Tier = 'staging'): Layer {
  const store = { provider: 's3', bucket: BUCKET, region: 'us-east-1', endpoint: `http://${STORE}:5001` } as const;
  const shop = system({ tier, objectStores: { backups: store } });
  const cache = new Redis(shop, id, {
    instances: 3,
    memory: Size.mebibytes(256),
    eviction: 'noeviction',
    storage: Size.gibibytes(1),
    ...props,
  });
  if (tier === 'staging') service(shop, 'web', { env: { ...cache.sentinels('CACHE'), CACHE_URL: cache.url } });
  return layerFrom('shop', rendered(shop).all);
}

/** What controllers make of a layer. */
export async function apply(node: PodNode, of: Layer, authority: CertificateAuthority): Promise<void> {
  await node.apply(
    ...of.stored,
    ...of.all<ExternalSecret>('ExternalSecret').map(each => secretOf(each)),
    ...of.all<Certificate>('Certificate').map(each => authority.issue(each)),
  );
}

export const setOf = (of: Layer, id = 'cache') => of.pick<StatefulSet>('StatefulSet', id);
export const deploymentOf = (of: Layer, name: string) => of.pick<Deployment>('Deployment', name);

/** Starts the pod of an ordinal. */
export const startServer = (node: PodNode, of: Layer, ordinal: number, id = 'cache') =>
  node.startPod(podOf(setOf(of, id), ordinal), { kubelet: true });

/** Of somebody's password, by its path below the system. */
export const passwordOf = (path: string) => madeUp(`shop/${path}`);

/** redis-cli in a server's pod, as somebody. */
export async function as(pod: RunningPod, user: string, password: string, port: number, ...command: string[]) {
  const words = ['redis-cli', '--no-auth-warning', '--tls', '--cacert', '/etc/drydock/tls/ca.crt', '-p', String(port)];
  const { stdout, stderr } = await pod.exec([...words, '--user', user, '--pass', password, ...command]);
  return `${stdout}${stderr}`.trim();
}

/** As the pod's own scripts. */
export async function self(pod: RunningPod, port: number, ...command: string[]) {
  const { stdout } = await pod.exec([
    'sh',
    '-c',
    '. /etc/drydock/redis/lib.sh; self "$@"',
    'sh',
    String(port),
    ...command,
  ]);
  return stdout.replaceAll('\r', '').trim();
}

/** Whether one is the primary, all others follow it, and every Sentinel names it and knows the others. */
export async function converged(pods: readonly RunningPod[]): Promise<RunningPod | undefined> {
  const infos = await Promise.all(pods.map(pod => self(pod, 6379, 'info', 'replication')));
  const primaries = pods.filter((_, index) => infos[index]!.includes('role:master'));
  const following = infos.filter(info => info.includes('master_link_status:up')).length;
  const [primary] = primaries;
  if (primary === undefined || primaries.length > 1 || following !== pods.length - 1) return undefined;
  const sentinels = await Promise.all(
    pods.map(pod => as(pod, 'app_1', passwordOf('cache/app/1'), 26379, 'sentinel', 'get-master-addr-by-name', 'cache')),
  );
  return sentinels.every(said => said.startsWith(`${primary.name}.`)) ? primary : undefined;
}
