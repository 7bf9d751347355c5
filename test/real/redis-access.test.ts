import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CronJob } from '../../imports/kubernetes.ts';
import { type CertificateAuthority, createAuthority } from './pods/certificates.ts';
import { podOfDeployment, podOfJob } from './pods/dist.ts';
import { type PodNode, startNode } from './pods/node.ts';
import type { RunningPod } from './pods/pod.ts';
import { unavailable } from './pods/requirements.ts';
import { until } from './pods/until.ts';
import {
  apply,
  as,
  converged,
  deploymentOf,
  IMAGES,
  layer,
  passwordOf,
  STORE,
  self,
  startServer,
} from './redis/fixture.ts';
import { type Store, startStore } from './redis/store.ts';
import { startWriter, type Writer } from './redis/writer.ts';

/** Who may come in, with which certificate and password, and what they may do; dumps and what begins with them. */
const why = unavailable();
if (why) console.warn(`redis-access.test.ts: ${why}; nothing here is tested`);

const cache = layer({ logins: { app: {}, reports: { may: 'read' }, guest: {} } });
let node: PodNode;
let store: Store;
let authority: CertificateAuthority;
let pods: RunningPod[];
let primary: RunningPod;
let writers: Writer[] = [];

beforeAll(async () => {
  if (why) return;
  authority = createAuthority();
  node = await startNode({ images: IMAGES });
  store = await startStore(node.address);
  node.setName(STORE, node.address);
  await apply(node, cache, authority);
  pods = await Promise.all([0, 1, 2].map(ordinal => startServer(node, cache, ordinal)));
  primary = await until('one primary, and all agree', () => converged(pods), 60);
}, 120_000);
afterAll(async () => {
  for (const writer of writers) writer.stop();
  await store?.stop();
  await node?.stop();
  authority?.remove();
}, 60_000);

const at = (user: string, path: string, port: number, command: string) =>
  as(primary, user, passwordOf(path), port, ...command.split(' '));

const ADMINISTERS =
  'flushall|flushdb|keys *|config get masterauth|config set dir /|shutdown|acl list|acl setuser x on|replicaof no one|client kill type normal|client pause 1|monitor|save|bgsave|module list|migrate h 1 k 0 1|swapdb 0 1|sync';

describe.skipIf(why)('each may do what it must, and nothing else', () => {
  test.each([
    ['app_1', 'cache/app/1', 'set k v|get k|incr n|publish c m|eval return(1) 0|info server|role|ping', ADMINISTERS],
    ['reports_1', 'cache/reports/1', 'get k|info server|ping', `set k v|del k|incr n|${ADMINISTERS}`],
    ['replica', 'cache/replica/1', 'ping|replconf capa eof', `get k|set k v|info|${ADMINISTERS}`],
    ['sentinel', 'cache/sentinel/1', 'ping|info|role', 'get k|set k v|config get masterauth|flushall|acl list'],
    ['backup', 'cache/backup/1', 'ping|info', 'get k|set k v|config get masterauth|flushall|acl list|replicaof no one'],
    ['exporter', 'cache/exporter/1', 'ping|info|slowlog len', `get k|set k v|slowlog get|${ADMINISTERS}`],
    ['proxy', 'cache/proxy/1', 'ping|role', `get k|set k v|info|${ADMINISTERS}`],
  ])('%s at the server', async (user, path, may, mayNot) => {
    for (const command of may.split('|')) {
      expect(await at(user, path, 6379, command), command).not.toMatch(/^(NOPERM|WRONGPASS|NOAUTH|ERR)/);
    }
    for (const command of mayNot.split('|')) expect(await at(user, path, 6379, command), command).toMatch(/NOPERM/);
  });

  const WATCHES =
    'sentinel failover cache|sentinel remove cache|sentinel reset cache|sentinel set cache quorum 1|acl list|shutdown';
  test.each([
    [
      'app_1',
      'cache/app/1',
      'sentinel get-master-addr-by-name cache|sentinel masters|sentinel replicas cache|ping',
      WATCHES,
    ],
    ['proxy', 'cache/proxy/1', 'sentinel get-master-addr-by-name cache|ping', `sentinel masters|${WATCHES}`],
  ])('%s at the Sentinels', async (user, path, may, mayNot) => {
    for (const command of may.split('|'))
      expect(await at(user, path, 26379, command), command).not.toMatch(/^(NOPERM|WRONGPASS|NOAUTH|ERR)/);
    for (const command of mayNot.split('|')) expect(await at(user, path, 26379, command), command).toMatch(/NOPERM/);
  });

  test('nobody comes in without a name, with a wrong password, or in plain text', async () => {
    const cli = (...words: string[]) =>
      primary.exec(['redis-cli', ...words]).then(({ stdout, stderr }) => stdout + stderr);
    for (const port of ['6379', '26379']) {
      const tls = ['--tls', '--cacert', '/etc/drydock/tls/ca.crt', '-p', port];
      expect(await cli(...tls, 'ping')).toMatch(/NOAUTH/);
      expect(await cli(...tls, '--user', 'app_1', '--pass', 'wrong', 'ping')).toMatch(/WRONGPASS/);
      expect(await cli('-p', port, 'ping')).toMatch(/reset|closed|protocol/i);
    }
  });

  test('clients can tell the server by its names, and not by another authority', async () => {
    const other = createAuthority();
    const name = `${primary.name}.cache-pods.shop-data.svc.cluster.local`;
    for (const port of [6379, 26379]) {
      expect(await shown(primary, port, authority.ca, name)).toHaveProperty('serial');
      expect(await shown(primary, port, authority.ca, 'cache.shop-data.svc')).toHaveProperty('serial');
      expect(await shown(primary, port, authority.ca, 'other.shop-data.svc')).toHaveProperty('refused');
      expect(await shown(primary, port, other.ca, name)).toHaveProperty('refused');
    }
    other.remove();
  });

  test('the exporter tells of the server', async () => {
    const text = await (await fetch(`http://${primary.ip}:9121/metrics`)).text();
    expect(text).toMatch(/^redis_up 1$/m);
    expect(text).toMatch(/^redis_memory_max_bytes 1\.\d+e\+08$/m);
  });
});

describe.skipIf(why)('while two clients write', () => {
  beforeAll(async () => {
    const proxy = await node.startPod(podOfDeployment(deploymentOf(cache, 'cache-proxy')), { kubelet: true });
    await until('the proxy is ready', () => proxy.ready, 30);
    const client = await node.startPod(podOfDeployment(deploymentOf(cache, 'web')));
    writers = [startWriter(client, 'sentinel'), startWriter(client, 'url')];
    await until('both write', () => writers.every(({ acknowledged }) => acknowledged.length > 20), 20);
  }, 60_000);

  test('new certificates and a new password reach servers that run, and nobody notices', async () => {
    const name = 'cache.shop-data.svc';
    const serials = () =>
      Promise.all(
        pods.flatMap(pod => [6379, 26379].map(async port => (await shown(pod, port, authority.ca, name)).serial)),
      );
    const before = await serials();
    for (const writer of writers) writer.reset();

    // A new generation, a login less, and new certificates for all.
    await apply(node, layer({ logins: { app: { password: 2 }, reports: { may: 'read' } } }), authority);
    await until(
      'all show the new ones',
      async () => {
        const now = await serials();
        return now.every((serial, index) => serial !== undefined && serial !== before[index]);
      },
      60,
    );
    const says = (pod: RunningPod, user: string, path: string, port: number) =>
      as(pod, user, passwordOf(path), port, 'ping');
    await until(
      'both generations may log in, and the guest no longer',
      async () => {
        const answers = await Promise.all(
          pods.flatMap(pod =>
            [6379, 26379].map(async port => [
              await says(pod, 'app_2', 'cache/app/2', port),
              await says(pod, 'app_1', 'cache/app/1', port),
              (await says(pod, 'guest_1', 'cache/guest/1', port)).includes('WRONGPASS'),
            ]),
          ),
        );
        return answers.every(([two, one, none]) => two === 'PONG' && one === 'PONG' && none === true);
      },
      30,
    );
    expect(pods.map(pod => pod.restarts('cache'))).toEqual([0, 0, 0]);
    expect(pods.map(pod => pod.restarts('sentinel'))).toEqual([1, 1, 1]);
    expect(await until('all agree', () => converged(pods), 30)).toBe(primary);
    for (const writer of writers) {
      expect([...writer.errors]).toEqual([]);
      expect(writer.gap()).toBeLessThan(2);
    }
  }, 120_000);

  test('a dump of a replica comes to the store, and one that was damaged is not restored', async () => {
    for (const writer of writers) writer.stop();
    const kept = await at('app_1', 'cache/app/1', 6379, 'dbsize');
    const job = await node.startPod(podOfJob(cache.pick<CronJob>('CronJob', 'cache-backup')));
    expect(await job.finished(), job.logs()).toEqual({ 'cache-backup': 0 });
    expect(job.logs('dump')).toMatch(/dumped cache-[12]/);
    await job.stop(0);
    const [key = '', ...others] = await store.keys();
    expect(others).toEqual([]);
    expect(key).toMatch(/^staging\/shop\/cache\/\d{4}\/\d\d\/\d\d\/\d\d\.rdb\.gz$/);
    const [, year, month, day, hour] = /cache\/(\d+)\/(\d+)\/(\d+)\/(\d+)/.exec(key)!;
    const restoreFrom = { at: `${year}-${month}-${day}T${hour}:00:00Z`, id: 'cache' };

    const second = layer({ instances: 1, restoreFrom }, 'second', 'development');
    await apply(node, second, authority);
    const pod = await startServer(node, second, 0, 'second');
    await until(
      'it has the data',
      async () => (await self(pod, 6379, 'info', 'keyspace')).includes(`keys=${kept},`),
      30,
    );
    expect(pod.logs('second')).toContain(`restored ${kept} keys`);
    // It is in the append-only file: what starts again has it, too.
    await pod.kill('second');
    await until(
      'it has it again',
      async () => (await self(pod, 6379, 'info', 'keyspace')).includes(`keys=${kept},`),
      30,
    );
    await pod.stop(0);

    await store.damage(key);
    const third = layer({ instances: 1, restoreFrom }, 'third', 'development');
    await apply(node, third, authority);
    const broken = await startServer(node, third, 0, 'third');
    await until('it is refused', () => broken.logs('third').includes('the dump is damaged'), 30);
    // It ends each time, so that there may be no container to ask.
    expect(await self(broken, 6379, 'ping').catch(() => '')).toBe('');
    await broken.stop(0);
  }, 120_000);
});

/** The certificate that a server shows to a client that believes an authority and calls it by a name. */
function shown(
  pod: RunningPod,
  port: number,
  ca: string,
  name: string,
): Promise<{ serial?: string; refused?: string }> {
  return new Promise(done => {
    const socket = connect({ host: pod.ip, port, ca, servername: name }, () => {
      done({ serial: socket.getPeerCertificate().serialNumber });
      socket.destroy();
    });
    socket.on('error', error => done({ refused: error.message }));
  });
}
