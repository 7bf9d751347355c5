import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Certificate } from '../../imports/custom.ts';
import type { Container, Job, PodSpec, Secret, Service } from '../../imports/kubernetes.ts';
import { createAuthority } from './pods/certificates.ts';
import { podOfJob } from './pods/dist.ts';
import type { PodManifest } from './pods/manifest.ts';
import { type PodNode, startNode } from './pods/node.ts';
import type { RunningPod } from './pods/pod.ts';
import { unavailable } from './pods/requirements.ts';
import { madeUp, secretOf } from './pods/secrets.ts';
import { until } from './pods/until.ts';

const why = unavailable();
if (why) console.warn(`pods.test.ts: ${why}; nothing here is tested`);

const namespace = 'shop';
const USER = 10001;

let node: PodNode;
beforeAll(async () => {
  if (!why) node = await startNode();
});
afterAll(() => node?.stop());

const restricted = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };

function manifest(name: string, labels: Record<string, string>, spec: PodSpec): PodManifest {
  const securityContext = { runAsNonRoot: true, runAsUser: USER, runAsGroup: USER, fsGroup: USER };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: { securityContext: { ...securityContext, fsGroupChangePolicy: 'OnRootMismatch' }, ...spec },
  };
}

const service = (name: string, spec: Service['spec']): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec,
});

const headless = service('cache-pods', {
  clusterIP: 'None',
  publishNotReadyAddresses: true,
  selector: { app: 'cache' },
  ports: [{ port: 6379 }],
});
const primary = service('cache', {
  selector: { app: 'cache', role: 'primary' },
  ports: [{ port: 6380, targetPort: 'redis' }],
});
const password: Secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'cache', namespace },
  data: { password: 'c2VjcmV0' },
};
const settings = (text: string) =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cache', namespace },
    data: { 'redis.conf': text },
  }) as const;

/** A Redis and its Sentinel, as a data tier would have them. */
function cache(name: string): PodManifest {
  const redis: Container = {
    name: 'redis',
    image: 'docker.io/valkey/valkey:8.1.4',
    securityContext: restricted,
    env: [
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'cache', key: 'password' } } },
      { name: 'ANNOUNCED', value: '$(POD).cache-pods.shop.svc.cluster.local $$(POD) $(NOBODY)' },
      { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
    ],
    command: ['valkey-server', '/etc/redis-conf/redis.conf'],
    args: ['--requirepass', '$(PASSWORD)', '--replica-announce-ip', '$(POD)'],
    ports: [{ name: 'redis', containerPort: 6379 }],
    resources: { limits: { memory: '64Mi' } },
    readinessProbe: {
      exec: { command: ['sh', '-c', 'valkey-cli -a "$PASSWORD" --no-auth-warning ping | grep PONG'] },
      periodSeconds: 1,
    },
    livenessProbe: { tcpSocket: { port: 'redis' }, periodSeconds: 1, failureThreshold: 3 },
    volumeMounts: [
      { name: 'data', mountPath: '/data' },
      { name: 'settings', mountPath: '/etc/redis-conf' },
      { name: 'secrets', mountPath: '/secrets', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
  const sentinel: Container = {
    name: 'sentinel',
    image: 'docker.io/valkey/valkey:8.1.4',
    securityContext: restricted,
    command: ['sh', '-c', 'touch /tmp/sentinel.conf && exec valkey-sentinel /tmp/sentinel.conf'],
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
    lifecycle: { preStop: { exec: { command: ['sh', '-c', 'echo stopping > /tmp/said; cp /tmp/said /data/said'] } } },
  };
  sentinel.volumeMounts?.push({ name: 'data', mountPath: '/data' });
  return manifest(
    name,
    { app: 'cache' },
    {
      subdomain: 'cache-pods',
      terminationGracePeriodSeconds: 5,
      containers: [redis, sentinel],
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: `data-${name}` } },
        { name: 'settings', configMap: { name: 'cache' } },
        { name: 'secrets', secret: { secretName: 'cache', defaultMode: 0o400 } },
        { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } },
      ],
    },
  );
}

let pod: RunningPod;
const sh = async (script: string, container = 'redis', of = pod) => {
  const { code, stdout, stderr } = await of.exec(['sh', '-c', script], { container });
  return code === 0 ? stdout.trim() : `code ${code}: ${stderr}`.trim();
};
const redis = (command: string, host = '127.0.0.1', port = 6379) =>
  sh(`valkey-cli -a "$PASSWORD" --no-auth-warning -h ${host} -p ${port} ${command}`);

it('a pod sees what its manifest says', async context => {
  if (why) return context.skip(why);
  await node.apply(headless, primary, password, settings('dir /data\nappendonly yes\nappendfsync always\n'));
  pod = await node.startPod(cache('cache-0'), { kubelet: true });
  await until('it is ready', () => pod.ready, 10);

  expect(await sh('echo $ANNOUNCED; echo $MEMORY $IP')).toBe(
    `cache-0.cache-pods.shop.svc.cluster.local $(POD) $(NOBODY)\n64 ${pod.ip}`,
  );
  expect(await sh('id -u; id -G; hostname; hostname -f; cat /proc/1/comm')).toBe(
    `${USER}\n${USER}\ncache-0\ncache-0.cache-pods.shop.svc.cluster.local\nredis-server`,
  );
  expect(await sh('grep -E "CapEff|NoNewPrivs" /proc/1/status')).toBe(
    'NoNewPrivs:\t1\nCapEff:\t0000000000000000'.split('\n').reverse().join('\n'),
  );
  expect(await sh('stat -Lc "%a %u:%g" /secrets/password; cat /secrets/password')).toBe(`440 0:${USER}\nsecret`);
  for (const path of ['/x', '/usr/x', '/etc/x', '/secrets/x', '/etc/redis-conf/x'])
    expect(await sh(`touch ${path}`), path).toMatch(/Read-only file system|Permission denied/);
  expect(await pod.exec(['touch', '/x'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Read-only file system'),
  });
  expect(await sh('ls / /root /home /tmp /work')).toContain('Permission denied');
  expect(await sh('head -c 5M /dev/zero > /tmp/full')).toMatch(/No space left/);
  expect(await sh('rm /tmp/full; ls -ld /data | cut -c1-10; touch /data/x && stat -c %g /data/x')).toBe(
    `drwxrwsr-x\n${USER}`,
  );
  expect(await sh('ps ax -o args')).not.toContain('sentinel');
  expect(await redis('ping')).toBe('PONG');
  expect(await pod.probe('liveness', 'redis')).toEqual({ ok: true, said: 'connected' });
  expect(await sh('cat /tmp/sentinel.conf | grep -c myid', 'sentinel')).toBe('1');
});

it('pods and Services have names and addresses', async context => {
  if (why) return context.skip(why);
  const other = await node.startPod(cache('cache-1'));
  expect(await redis('ping', 'cache-1.cache-pods')).toBe('PONG');
  expect(await redis('ping', 'cache-1.cache-pods.shop.svc.cluster.local')).toBe('PONG');
  expect((await sh('getent ahostsv4 cache-pods | cut -d" " -f1 | sort -u')).split('\n').sort()).toEqual(
    [pod.ip, other.ip].sort(),
  );

  expect(await redis('ping', 'cache', 6380)).toContain('Connection refused');
  pod.setLabels({ ...pod.labels, role: 'primary' });
  expect(await redis('set who cache-0', 'cache', 6380)).toBe('OK');
  expect(await redis('get who')).toBe('cache-0');
  pod.setLabels({ app: 'cache' });
  other.setLabels({ app: 'cache', role: 'primary' });
  expect(await redis('exists who', 'cache', 6380)).toBe('0');
  const outside = ['-a', 'secret', '-h', node.serviceAddress(primary), '-p', '6380', 'exists', 'who'];
  expect(execFileSync('redis-cli', outside, { encoding: 'utf8', stdio: 'pipe' }).trim()).toBe('0');

  const name = 'cache-1.cache-pods.shop.svc.cluster.local';
  node.setName(name);
  expect(await sh('getent hosts cache-1.cache-pods')).toBe('code 2:');
  node.resetName(name);
  node.setName('store.example.com', node.address);
  expect(await sh('getent hosts store.example.com')).toContain(node.address);
  other.disconnect();
  expect(await sh(`timeout 1 valkey-cli -h ${other.ip} ping`)).toMatch(/^code/);
  other.connect();
  await until('the cable is in again', async () => (await redis('ping', other.ip)) === 'PONG', 5);
  await other.stop();
  expect(await sh('getent hosts cache-1.cache-pods')).toBe('code 2:');
});

it('a ConfigMap is updated in place, the claim outlives its pod', async context => {
  if (why) return context.skip(why);
  const inode = await sh('stat -Lc %i /etc/redis-conf/redis.conf');
  await node.apply(settings('dir /data\n# new\n'));
  expect(await sh('tail -1 /etc/redis-conf/redis.conf')).toBe('# new');
  expect(await sh('stat -Lc %i /etc/redis-conf/redis.conf')).not.toBe(inode);

  await redis('set kept yes');
  await pod.stop();
  await node.apply(settings('dir /data\nappendonly yes\n'));
  pod = await node.startPod(cache('cache-0'), { kubelet: true });
  await until('it is ready', () => pod.ready, 10);
  expect(await redis('get kept')).toBe('yes');
  expect(await sh('cat /data/said')).toBe('stopping'); // by preStop
  await pod.stop();
  node.wipeClaim(namespace, 'data-cache-0');
  pod = await node.startPod(cache('cache-0'), { kubelet: true });
  await until('it is ready', () => pod.ready, 10);
  expect(await redis('exists kept')).toBe('0');
});

it('what is killed or hangs is noticed and started again', async context => {
  if (why) return context.skip(why);
  await pod.kill('redis');
  expect(pod.ready).toBe(false);
  await until('the kubelet starts it again', () => pod.restarts('redis') === 1 && pod.ready, 5);
  expect(pod.restarts('sentinel')).toBe(0);
  expect(pod.logs('redis')).toContain('[kubelet] the container ended with code 137');
  const command = pod.spawn(['sleep', '4321']);
  await until('it runs', () => pod.processes('redis').some(each => each.command === 'sleep 4321'), 5);
  command.kill('SIGKILL');
  await until('it ended', () => pod.processes('redis').every(each => each.command !== 'sleep 4321'), 5);

  expect(pod.pause('redis')).toBe(1);
  await until('it is not ready', () => !pod.ready, 10);
  expect(pod.resume('redis')).toBeGreaterThan(0);
  await until('it is ready again', () => pod.ready, 5);
  expect(pod.restarts('redis')).toBe(1); // the kernel goes on accepting connections, so tcpSocket sees nothing
  await pod.stop();
});

it('PostgreSQL runs at the paths of its image, after an init container, beside a sidecar that sees its processes', async context => {
  if (why) return context.skip(why);
  const image = 'registry.example.com/drydock/postgres:16.9-1';
  const container = (name: string, script: string): Container => ({
    name,
    image,
    command: ['sh', '-ec', script],
    securityContext: restricted,
    volumeMounts: [
      { name: 'data', mountPath: '/pgdata' },
      { name: 'run', mountPath: '/var/run/postgresql' },
      { name: 'shm', mountPath: '/dev/shm' },
    ],
  });
  const database = await node.startPod(
    manifest(
      'db-0',
      { app: 'db' },
      {
        shareProcessNamespace: true,
        initContainers: [
          container('init', '/usr/lib/postgresql/16/bin/initdb -D /pgdata/pg16 -k -A trust -U postgres > /dev/null'),
        ],
        containers: [
          {
            ...container('postgres', 'exec postgres -D /pgdata/pg16 -c listen_addresses="*" -c fsync=off'),
            readinessProbe: {
              exec: { command: ['pg_isready', '-h', '/var/run/postgresql'] },
              periodSeconds: 1,
              timeoutSeconds: 2,
            },
            livenessProbe: {
              exec: { command: ['pg_isready'] },
              periodSeconds: 1,
              failureThreshold: 2,
              timeoutSeconds: 1,
              initialDelaySeconds: 2,
            },
          },
          container('watcher', 'while :; do sleep 1; done'),
        ],
        terminationGracePeriodSeconds: 2,
        volumes: [
          { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } },
          { name: 'run', emptyDir: {} },
          { name: 'shm', emptyDir: { medium: 'Memory' } },
        ],
      },
    ),
    { kubelet: true },
  );
  await until('it is ready', () => database.ready, 10);
  const query = (sql: string) => database.exec(['psql', '-XAtU', 'postgres', '-c', sql], { container: 'postgres' });
  expect(
    await query('select current_user, count(*) from pg_stat_activity where backend_type = $$checkpointer$$'),
  ).toEqual({
    code: 0,
    stdout: 'postgres|1\n',
    stderr: '',
  });
  expect(await sh('pgrep -c postgres', 'watcher', database)).toMatch(/^[5-9]$/);
  expect(database.pause('postgres', /checkpointer/)).toBe(1);
  database.pause('postgres', /postgres -D/);
  await until('the liveness probe finds it hung', () => database.restarts('postgres') === 1 && database.ready, 15);
  expect((await query('select 1')).stdout).toBe('1\n');
  await database.stop();
});

it('a Job ends, its sidecar after it; certificates and secrets are what their objects ask for', async context => {
  if (why) return context.skip(why);
  const authority = createAuthority();
  const spec = {
    commonName: 'job.shop',
    dnsNames: ['job.shop.svc'],
    secretName: 'job-tls',
    usages: ['client auth', 'server auth'],
  };
  const privateKey = { algorithm: 'ECDSA', encoding: 'PKCS8' };
  const issuerRef = { name: 'internal' };
  const metadata = { name: 'job', namespace };
  await node.apply(
    authority.issue({
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata,
      spec: { ...spec, issuerRef, privateKey },
    } as Certificate),
    secretOf({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata,
      spec: {
        data: [{ secretKey: 'password', remoteRef: { key: 'shop/db' } }],
        target: { template: { data: { url: 'postgres://app:{{ .password }}@db' } } },
      },
    }),
  );
  authority.remove();
  const script =
    'openssl verify -purpose sslserver -verify_hostname job.shop.svc -CAfile ca.crt tls.crt; head -1 tls.key; echo $URL; exit 3';
  const job: Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: {
      template: {
        spec: {
          ...manifest('', {}, { containers: [] }).spec,
          restartPolicy: 'Never',
          initContainers: [
            {
              name: 'sidecar',
              image: 'docker.io/library/busybox:1.37.0',
              restartPolicy: 'Always',
              command: ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.1; done'],
            },
          ],
          containers: [
            {
              name: 'main',
              image: 'docker.io/library/busybox:1.37.0',
              workingDir: '/tls',
              command: ['sh', '-c', script],
              env: [{ name: 'URL', valueFrom: { secretKeyRef: { name: 'job', key: 'url' } } }],
              volumeMounts: [{ name: 'tls', mountPath: '/tls' }],
            },
          ],
          volumes: [{ name: 'tls', secret: { secretName: 'job-tls' } }],
        },
      },
    },
  };
  const run = await node.startPod(podOfJob(job, 'now'), { kubelet: true });
  expect(await run.finished()).toEqual({ main: 3 });
  expect(run.logs('main').split('\n').slice(0, 3)).toEqual([
    'tls.crt: OK',
    '-----BEGIN PRIVATE KEY-----',
    `postgres://app:${madeUp('shop/db')}@db`,
  ]);
  expect(run.processes()).toEqual([]);
  expect(run.restarts('sidecar')).toBe(0);
  await run.stop();
});

it('a run that is killed leaves nothing', async context => {
  if (why) return context.skip(why);
  const script = `
    import { startNode } from ${JSON.stringify(new URL('pods/node.ts', import.meta.url).href)};
    const node = await startNode();
    await node.startPod({ metadata: { name: 'a', namespace: 'b' }, spec: { containers: [
      { name: 'c', image: 'busybox:1', command: ['sleep', '9${process.pid}'], securityContext: { runAsUser: 10001 } }] } });
    console.log(node.address);
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>(done => owner.stdout.once('data', data => done(String(data).trim())));
  const said = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' });
  expect(said('ip', 'addr')).toContain(address);
  const sleeps = () => said('ps', 'ax', '-o', 'args').split('\n').includes(`sleep 9${process.pid}`); // not another run's
  expect(sleeps()).toBe(true);
  owner.kill('SIGKILL');
  await until('the processes are gone', () => !sleeps(), 10);
  await until('the network is gone', () => !said('ip', 'addr').includes(`${address}/`), 10);
});

it('nothing is left', async context => {
  if (why) return context.skip(why);
  const claim = node.claim(namespace, 'data-cache-0');
  await node.stop();
  await until(
    'the processes are gone',
    () => !execFileSync('ps', ['ax', '-o', 'args'], { encoding: 'utf8' }).includes('redis-conf'),
    5,
  );
  expect(existsSync(claim)).toBe(false);
});
