import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Databases } from '../../charts/postgres/roles.ts';
import type { ConfigMap, Deployment, PodTemplateSpec, Service, StatefulSet } from '../../imports/kubernetes.ts';
import type { Manifest } from '../../tools/render/manifest.ts';
import { rendered, service } from '../charts/fixture.ts';
import { postgres } from '../charts/postgres/fixture.ts';
import { type Authority, authority, issuedFor, storedValue } from './issued.ts';
import type { PodManifest } from './pods/manifest.ts';
import { type PodNode, startNode } from './pods/node.ts';
import type { RunningPod } from './pods/pod.ts';
import { imageOf } from './pods/programs.ts';
import { unavailable } from './pods/requirements.ts';
import { until } from './pods/until.ts';

const why = unavailable();
if (why) console.warn(`pooler.test.ts: ${why}; nothing here is tested`);

const DATA = 'shop-data';

/** Settings of the image's PgBouncer that 1.18 does not know. */
const LACKING = ['max_prepared_statements'];

/** Its clients: they have psql, and the driver of Python. */
const CLIENT = {
  matches: /shop\/web/,
  stand: 'a process that waits, beside the programs of the database',
  entrypoint: ['sleep', 'infinity'],
};

/** The database `shop` with its roles, at a generation of the owner's password. */
function databases(password: number): Databases {
  return {
    shop: {
      roles: { app: { may: 'own', password }, clerk: { may: 'write' }, reports: { may: 'read' } },
      extensions: ['pgcrypto'],
    },
    ledger: { roles: { app: { may: 'own' }, migrate: { may: 'migrate' } } },
  };
}

/** A server with its pooler, a client of each role, and one who has the console, as they are rendered. */
function render(password: number): readonly Manifest[] {
  const { shop, database } = postgres({ instances: 1, databases: databases(password) });
  const client = (id: string, role: string, of = 'shop') => {
    const { poolerUrl, replicaUrl, directUrl } = database.login(role, of);
    return service(shop, id, { env: { DATABASE_URL: poolerUrl, REPLICA_URL: replicaUrl, DIRECT_URL: directUrl } });
  };
  client('api', 'app').wire({ CONSOLE_URL: database.pooler.consoleUrl });
  client('clerk', 'clerk');
  client('reports', 'reports');
  client('ledger', 'app', 'ledger');
  client('migrate', 'migrate', 'ledger');
  return rendered(shop).all;
}

const START = `set -e
if [ ! -d /pgdata/pg ]; then
  initdb -D /pgdata/pg -U postgres --auth-local=peer -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  printf 'local all postgres peer\\nhostssl all all all scram-sha-256\\n' > /pgdata/pg/pg_hba.conf
fi
rm -f /pgdata/pg/postmaster.pid
exec postgres -D /pgdata/pg -c listen_addresses='*' -c unix_socket_directories=/run/postgresql -c fsync=off \\
  -c ssl=on -c ssl_cert_file=/etc/drydock/tls/tls.crt -c ssl_key_file=/etc/drydock/tls/tls.key -c ssl_ca_file=/etc/drydock/tls/ca.crt`;

/** What the agent's container is told, rendered. */
function agentsOwn(objects: readonly Manifest[]) {
  const { spec } = objects.find(({ kind }) => kind === 'StatefulSet') as unknown as StatefulSet;
  return spec!.template.spec!.containers.find(({ name }) => name === 'agent')!.env!;
}

/** PostgreSQL without Patroni: the pooler does not see the difference. */
const serverOf = (objects: readonly Manifest[]): PodManifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'database-0',
    namespace: DATA,
    labels: { 'app.kubernetes.io/instance': 'database', role: 'primary' },
  },
  spec: {
    securityContext: { runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 },
    containers: [
      {
        name: 'postgres',
        image: 'ghcr.io/drydock/postgres:16-1',
        command: ['sh', '-c', START],
        ports: [{ name: 'postgres', containerPort: 5432 }],
        env: agentsOwn(objects),
        volumeMounts: [
          { name: 'data', mountPath: '/pgdata' },
          { name: 'sockets', mountPath: '/run/postgresql' },
          { name: 'tls', mountPath: '/etc/drydock/tls' },
          { name: 'roles', mountPath: '/etc/drydock/roles' },
          { name: 'logins', mountPath: '/etc/drydock/logins' },
          { name: 'agent', mountPath: '/etc/drydock/agent' },
          { name: 'task', mountPath: '/task' },
        ],
      },
    ],
    volumes: [
      { name: 'data', emptyDir: {} },
      { name: 'sockets', emptyDir: {} },
      { name: 'tls', secret: { secretName: 'database-internal-tls', defaultMode: 0o440 } },
      { name: 'roles', configMap: { name: 'database-roles' } },
      { name: 'logins', secret: { secretName: 'database', defaultMode: 0o440 } },
      { name: 'agent', configMap: { name: 'database-agent' } },
      { name: 'task', configMap: { name: 'task' } },
    ],
  },
});

let node: PodNode;
let ca: Authority;
let database: RunningPod;
let poolers: RunningPod[];
const clients: Record<string, RunningPod> = {};
const told = new Set<string>();

/** A ConfigMap, with what the machine's PgBouncer does not know taken out. */
function forThisMachine(map: ConfigMap): ConfigMap {
  const data = { ...map.data };
  const ini = data['etc_pgbouncer_pgbouncer.ini'];
  if (ini === undefined) return map;
  const lines = ini.split('\n').filter(line => !LACKING.some(setting => line.startsWith(`${setting} `)));
  for (const setting of LACKING) told.add(`pgbouncer 1.18 lacks ${setting}`);
  expect(lines).toHaveLength(ini.split('\n').length - LACKING.length);
  return { ...map, data: { ...data, 'etc_pgbouncer_pgbouncer.ini': lines.join('\n') } };
}

async function apply(objects: readonly Manifest[]): Promise<void> {
  const maps = objects.filter(({ kind }) => kind === 'ConfigMap') as unknown as ConfigMap[];
  const services = objects.filter(({ kind }) => kind === 'Service') as unknown as Service[];
  await node.apply(...maps.map(forThisMachine), ...services, ...issuedFor(objects, ca));
}

function podOf(objects: readonly Manifest[], deployment: string, name: string): PodManifest {
  const found = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === deployment)!;
  const { spec, metadata } = (found as unknown as Deployment).spec!.template as PodTemplateSpec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, namespace: found.metadata.namespace! },
    spec: spec!,
  };
}

beforeAll(async () => {
  if (why) return;
  node = await startNode({ images: [{ ...imageOf('ghcr.io/drydock/postgres:16-1'), ...CLIENT }] });
  ca = authority();
  const objects = render(1);
  const metadata = { namespace: DATA, name: 'task' };
  await node.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'task.py': text('pooler/task.py') } });
  await apply(objects);
  database = await node.startPod(serverOf(objects));
  await until('PostgreSQL answers', async () => (await sql('select 1')) === '1');
  await agentRuns();
  poolers = await Promise.all(
    ['a', 'b'].map(name => node.startPod(podOf(objects, 'database-pooler', `database-pooler-${name}`))),
  );
  for (const id of ['api', 'clerk', 'reports', 'ledger', 'migrate'])
    clients[id] = await node.startPod(podOf(objects, id, `${id}-1`));
  for (const pooler of poolers)
    await until('the pooler is ready', async () => (await pooler.probe('liveness', 'database-pooler')).ok);
});

afterAll(async () => {
  for (const line of told) console.info(`pooler.test.ts: ${line}`);
  await node?.stop();
});

function text(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}

/** As the superuser, over the socket. */
async function sql(statement: string, inside = 'postgres'): Promise<string> {
  const { code, stdout, stderr } = await database.exec([
    'psql',
    '-h',
    '/run/postgresql',
    '-U',
    'postgres',
    '-Atqc',
    statement,
    inside,
  ]);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** Two runs of the real task; how many statements each took. */
async function agentRuns(): Promise<number[]> {
  const { code, stdout, stderr } = await database.exec(['python3', '/task/task.py']);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim().split(' ').map(Number);
}

/** What a client gets: rows, or the error's text. */
async function asks(client: string, variable: string, statement: string, more = ''): Promise<string> {
  const { stdout, stderr } = await clients[client]!.exec([
    'sh',
    '-c',
    `psql "$${variable}${more}" -Atqc "${statement}" 2>&1`,
  ]);
  return (stdout + stderr).trim();
}

const catalogue = async () => {
  const { code, stdout, stderr } = await database.exec(['pg_dumpall', '-h', '/run/postgresql', '-U', 'postgres', '-s']);
  if (code !== 0) throw new Error(stderr);
  // An access list may come in another order.
  return stdout
    .split('\n')
    .filter(line => !line.startsWith('\\'))
    .sort();
};

describe.skipIf(why)('databases, logins and the pooler', () => {
  test('what is declared, applied again, changes nothing; without a change nothing is applied', async () => {
    await asks('api', 'DIRECT_URL', 'create schema stock; create table stock.wine (id serial primary key, name text)');
    await agentRuns();
    const before = await catalogue();
    const [first, second] = await agentRuns();
    expect(first).toBeGreaterThan(0);
    expect(second).toBe(0);
    expect(await catalogue()).toEqual(before);
  });

  test('each role may do what is declared, with tables that came later too, and nothing else', async () => {
    // Made after the agent ran: by default privileges alone.
    const tables =
      'create table menu (id serial primary key, name text); create schema later; create table later.menu (id int)';
    expect(await asks('api', 'DATABASE_URL', tables)).toBe('');
    expect(await asks('api', 'DATABASE_URL', "select tableowner from pg_tables where tablename = 'menu' limit 1")).toBe(
      'shop_app',
    );
    for (const table of ['menu', 'later.menu', 'stock.wine']) {
      expect(
        await asks(
          'clerk',
          'DATABASE_URL',
          `insert into ${table} (id) values (7); update ${table} set id = 8; select id from ${table}`,
        ),
      ).toBe('8');
      expect(await asks('reports', 'DATABASE_URL', `select id from ${table}`)).toBe('8');
      expect(await asks('reports', 'DATABASE_URL', `delete from ${table}`)).toContain('permission denied');
    }
    expect(await asks('clerk', 'DATABASE_URL', "insert into menu (name) values ('soup')")).toBe('');
    for (const client of ['clerk', 'reports']) {
      expect(await asks(client, 'DATABASE_URL', 'create table public.mine (id int)')).toContain(
        'permission denied for schema public',
      );
      expect(await asks(client, 'DATABASE_URL', 'drop table menu')).toContain('must be owner');
    }
    expect(await asks('api', 'DATABASE_URL', "select encode(digest('x', 'sha256'), 'hex') <> ''")).toBe('t');
    const elsewhere = (
      await clients.ledger!.exec(['sh', '-c', 'psql "$(echo "$DIRECT_URL" | sed s,/ledger?,/shop?,)" -c "select 1"'])
    ).stderr;
    expect(elsewhere).toContain('permission denied for database "shop"');
  });

  test('while a migration keeps clients out, nothing that is declared lets them in', async () => {
    const clerkMay = () => sql("select has_database_privilege('shop_clerk', 'shop', 'connect')");
    await sql('create schema ops; create table ops.migration (ended_at timestamptz, grants jsonb)');
    await sql("insert into ops.migration values (null, '[]'); revoke connect on database shop from shop_clerk");
    await agentRuns();
    expect(await clerkMay()).toBe('f');
    await sql('drop schema ops cascade');
    await agentRuns();
    expect(await clerkMay()).toBe('t');
  });

  test('neither its owner nor who migrates can drop a database, or put another in its place', async () => {
    expect(await asks('ledger', 'DIRECT_URL', 'drop database ledger')).toMatch(/must be owner|currently open/);
    expect(await asks('ledger', 'DIRECT_URL', 'alter database ledger rename to mine')).toMatch(
      /must be owner|permission denied/,
    );
    const elsewhere = 'psql "$(echo "$DIRECT_URL" | sed s,/ledger?,/postgres?,)" -Atqc "set role none" -c "$0" 2>&1';
    const migrate = async (sql: string) => (await clients.migrate!.exec(['sh', '-c', elsewhere, sql])).stdout;
    expect(await migrate('drop database ledger')).toContain('must be owner');
    expect(await migrate('create database ledger_before template ledger')).toContain('permission denied');
  });

  test('what leads to a replica takes no writes, even where the primary serves it', async () => {
    expect(await asks('api', 'REPLICA_URL', 'select count(*) from later.menu')).toBe('1');
    expect(await asks('api', 'REPLICA_URL', 'insert into later.menu values (1)')).toContain('read-only transaction');
  });

  test('plain text is refused, and so is an authority that is not ours, on both sides', async () => {
    for (const variable of ['DATABASE_URL', 'DIRECT_URL']) {
      expect(await asks('api', variable, 'select 1', '&sslmode=disable')).toMatch(
        /SSL required|no pg_hba.conf entry.*no encryption/s,
      );
      const strange = authority('somebody else').ca.replaceAll('\n', '\\n');
      const { stderr } = await clients.api!.exec([
        'sh',
        '-c',
        `printf %b '${strange}' > /tmp/strange.crt; psql "$${variable}&sslrootcert=/tmp/strange.crt" -c 'select 1'`,
      ]);
      expect(stderr).toContain('certificate verify failed');
    }
    // The server shows a certificate of another authority: the pooler must not give it a password.
    const others = issuedFor(render(1), authority('somebody else')).find(
      ({ metadata }) => metadata!.name === 'database-internal-tls',
    )!;
    await node.apply(others);
    await sql('select pg_reload_conf()');
    for (const word of ['RECONNECT shop', 'RECONNECT shop_replica']) await consoles(...word.split(' '));
    const asked = asks('reports', 'DATABASE_URL', 'select 1');
    await until('a pooler says why', () =>
      poolers.some(pooler => /handshake failed: .*certificate verify failed/.test(pooler.logs('database-pooler'))),
    );
    expect(await Promise.race([asked, sleep(1500)])).not.toBe('1');
    await node.apply(...issuedFor(render(1), ca));
    await sql('select pg_reload_conf()');
    await until('it serves again', async () => (await asks('reports', 'DATABASE_URL', 'select 1')) === '1');
  });

  test('certificates are renewed without closing a connection', async () => {
    const session = clients.api!.spawn(['sh', '-c', 'psql "$DATABASE_URL" -Atq']);
    const said: string[] = [];
    session.stdout!.on('data', chunk => said.push(...String(chunk).trim().split('\n')));
    session.stderr!.on('data', chunk => said.push(String(chunk)));
    session.stdin!.write('select 1;\n');
    await until('the session is there', () => said.length === 1);
    const before = await serial();
    await node.apply(...issuedFor(render(1), ca));
    await until('new clients are shown the new certificate', async () => (await serial()) !== before);
    session.stdin!.write('select 2;\n');
    await until('the session goes on', () => said.length === 2);
    session.stdin!.end();
    expect(said).toEqual(['1', '2']);
  });

  test('a server restarts between PAUSE and RESUME, and no client sees an error', async () => {
    await asks('api', 'DATABASE_URL', 'create table written (client int, row int)');
    const stop = await writers();
    await sleep(1500);
    expect((await consoles('PAUSE', 'shop')).split(' ')).toHaveLength(2);
    await restartServer();
    await consoles('RESUME', 'shop');
    await sleep(1500);
    const { acknowledged, errors, longest } = await stop();
    console.info(
      `pooler.test.ts: ${acknowledged} rows, longest wait ${longest.toFixed(1)} s over a restart while paused`,
    );
    expect(errors).toEqual([]);
    expect(Number(await asks('api', 'DATABASE_URL', 'select count(*) from written'))).toBe(acknowledged);
  });

  test('without the console’s password nobody pauses', async () => {
    const { stderr } = await clients.api!.exec([
      'sh',
      '-c',
      'psql "$(echo "$DATABASE_URL" | sed s,/shop?,/pgbouncer?,)" -c "PAUSE"',
    ]);
    expect(stderr).toMatch(/not allowed|no such/);
  });

  test('a pooler that goes lets transactions end: every row is acknowledged or was never written', async () => {
    await asks('api', 'DATABASE_URL', 'truncate written');
    const stop = await writers();
    const began = Date.now();
    const leaving = poolers[1]!;
    // Longer than it leaves its Services: its transaction runs when it is told to end.
    const command = `psql "$DATABASE_URL&hostaddr=${leaving.ip}" -Atqc "insert into written select -1, -1 from pg_sleep(13)"`;
    const long = clients.api!.exec(['sh', '-c', command]);
    await sleep(500);
    await leaving.stop();
    expect(await long).toMatchObject({ code: 0, stderr: '' });
    const { acknowledged, errors } = await stop();
    console.info(
      `pooler.test.ts: ${acknowledged} rows, ${errors.length} sessions closed by the pod that went in ${Date.now() - began} ms`,
    );
    expect(acknowledged).toBeGreaterThan(0);
    expect(Number(await asks('api', 'DATABASE_URL', 'select count(*) from written'))).toBe(acknowledged + 1);
  });

  test('a new password: the new and the one before are good, older ones are taken away with their sessions', async () => {
    // The client's own variables stay those of generation 1, as in a pod that has not rolled yet.
    const login = (generation: number) =>
      `psql "$(echo "$DATABASE_URL" | sed 's,//[^@]*@,//shop_app_${generation}:${storedValue(`shop/database/shop/app/${generation}`)}@,')" -Atqc 'select current_user, session_user' 2>&1`;
    const as = async (generation: number) => (await clients.api!.exec(['sh', '-c', login(generation)])).stdout.trim();
    const direct = async (generation: number) =>
      (await clients.api!.exec(['sh', '-c', login(generation).replaceAll('DATABASE_URL', 'DIRECT_URL')])).stdout.trim();
    const session = clients.api!.spawn(['sh', '-c', 'psql "$DIRECT_URL" -Atq']);
    session.stdin!.write('select 1;\n');

    await apply(render(2));
    await agentRuns();
    await until(
      'both are good',
      async () => (await as(2)) === 'shop_app|shop_app_2' && (await as(1)) === 'shop_app|shop_app_1',
    );
    expect(session.exitCode).toBeNull();

    await apply(render(3));
    await agentRuns();
    await until('the newest is good', async () => (await as(3)) === 'shop_app|shop_app_3');
    expect(await as(2)).toBe('shop_app|shop_app_2');
    expect(await as(1)).toMatch(/failed|no such user/);
    expect(await direct(1)).toMatch(/not permitted to log in|authentication failed/);
    session.stdin!.write('select 2;\n');
    await until('its session is over', () => session.exitCode !== null);
    expect(await sql("select count(*) from pg_roles where rolname like 'shop\\_app\\__' and rolcanlogin")).toBe('2');
  });
});

/** Says something to the console of every pooler, as a migration does. */
async function consoles(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await clients.api!.exec([
    '/usr/bin/python3',
    '-c',
    text('pooler/console.py'),
    ...words,
  ]);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** Starts five clients that write; the function ends them and tells what they saw. */
async function writers(): Promise<() => Promise<{ acknowledged: number; errors: string[]; longest: number }>> {
  const process = clients.api!.spawn(['python3', '-c', text('pooler/writers.py')]);
  let said = '';
  process.stdout!.on('data', chunk => {
    said += chunk;
  });
  process.stderr!.on('data', chunk => {
    said += chunk;
  });
  await until('they write', () => said.includes('writing'));
  return async () => {
    process.stdin!.end();
    const last = await until('they are done', () => said.split('\n').find(line => line.startsWith('{')), 90);
    return JSON.parse(last);
  };
}

async function restartServer(): Promise<void> {
  database.signal('SIGINT', 'postgres', /^postgres -D/);
  await until('the server has stopped', () => database.processes('postgres').length === 0);
  await database.restart('postgres');
  await until('it is back', async () => (await sql('select 1')) === '1');
}

/** The number of the certificate that a pooler shows. */
async function serial(): Promise<string> {
  const { stdout } = await clients.api!.exec([
    'sh',
    '-c',
    'openssl s_client -starttls postgres -connect database-pooler.shop-data.svc:6432 </dev/null 2>/dev/null | openssl x509 -noout -serial',
  ]);
  return stdout;
}
