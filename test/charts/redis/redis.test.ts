import { describe, expect, test } from 'vitest';
import { Duration, Redis, type RedisProps, type Site, Size } from '../../../charts/index.ts';
import type { ExternalSecret } from '../../../imports/custom.ts';
import type { CronJob, Deployment, StatefulSet } from '../../../imports/kubernetes.ts';
import { judged, rendered, service, system } from '../fixture.ts';

const PROPS: RedisProps = {
  instances: 3,
  memory: Size.gibibytes(2),
  eviction: 'allkeys-lru',
  storage: Size.gibibytes(5),
};

function made(props: Partial<RedisProps> = {}, site: Partial<Site> = {}) {
  const shop = system(site);
  const cache = new Redis(shop, 'cache', { ...PROPS, ...props });
  return { shop, cache };
}

const objectsOf = (props: Partial<RedisProps> = {}, site: Partial<Site> = {}) =>
  rendered(made(props, site).shop).objects;
const textOf = (objects: ReturnType<typeof objectsOf>, file: string) =>
  (objects['ConfigMap cache-config']!.data as Record<string, string>)[file]!;
const setOf = (objects: ReturnType<typeof objectsOf>) => (objects['StatefulSet cache'] as unknown as StatefulSet).spec!;
const DEVELOPMENT = { tier: 'development', instances: 1 } as const;

describe('every law holds', () => {
  test('for three servers, their proxy, backups and both kinds of clients', () => {
    const { shop, cache } = made({ logins: { app: {}, reports: { may: 'read', password: 2 } } });
    service(shop, 'web', { env: { CACHE_URL: cache.url } });
    service(shop, 'api', { env: cache.login('reports').sentinels('CACHE') });
    expect(judged(shop)).toEqual([]);
  });

  test('in production', () => {
    const { shop, cache } = made({ memory: Size.gibibytes(26), storage: Size.gibibytes(60) }, { tier: 'production' });
    service(shop, 'web', { env: { CACHE_URL: cache.url } });
    expect(judged(shop).filter(each => !each.startsWith('nodes-hold'))).toEqual([]);
  });

  test('for one server in development', () => {
    const { shop, cache } = made({ instances: 1 }, { tier: DEVELOPMENT.tier });
    service(shop, 'web', { env: { CACHE_URL: cache.url } });
    expect(judged(shop)).toEqual([]);
  });

  test('for one that begins with a dump', () => {
    expect(judged(made({ restoreFrom: { at: '2026-11-20T10:00:00Z' } }).shop)).toEqual([]);
  });
});

describe('a server', () => {
  test('leaves a third of its memory to what is no data', () => {
    // 65 % of 2048 MiB.
    expect(textOf(objectsOf(), 'redis.conf')).toContain(`maxmemory ${1331 * 1024 * 1024}\n`);
    expect(setOf(objectsOf()).template.spec!.containers[0]!.resources!.limits!.memory).toBe('2Gi');
  });

  test('speaks TLS only, keeps what it is told, and takes no writes that nobody follows', () => {
    const lines = textOf(objectsOf(), 'redis.conf').split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'port 0',
        'tls-port 6379',
        'tls-replication yes',
        'appendonly yes',
        'min-replicas-to-write 1',
        'min-replicas-max-lag 5',
        'maxmemory-policy allkeys-lru',
      ]),
    );
    expect(textOf(objectsOf({ instances: 1 }, { tier: 'development' }), 'redis.conf')).not.toContain('min-replicas');
  });

  test('starts anew when its configuration changes, and not when a login does', () => {
    const hash = (props: Partial<RedisProps>) => setOf(objectsOf(props)).template.metadata!.annotations!;
    expect(hash({ logins: { app: { password: 2 } } })).toEqual(hash({}));
    expect(hash({ parameters: { maxclients: 500 } })).not.toEqual(hash({}));
    expect(hash({ password: 3 })).not.toEqual(hash({}));
  });

  test('has an author’s lines last', () => {
    expect(textOf(objectsOf({ parameters: { maxclients: 500, activedefrag: true } }), 'redis.conf')).toMatch(
      /maxclients 500\nactivedefrag yes\n$/,
    );
  });

  test('hands over before it stops, and has the time', () => {
    const pod = setOf(objectsOf()).template.spec!;
    expect(pod.containers[0]!.lifecycle!.preStop!.exec!.command).toEqual(['/etc/drydock/redis/stop.sh']);
    expect(textOf(objectsOf(), 'settings.sh')).toContain("HAND_OVER='30'");
    expect(pod.terminationGracePeriodSeconds).toBe(60);
  });
});

describe('logins', () => {
  const users = (props: Partial<RedisProps>, of = 'users.acl') => textOf(objectsOf(props), of).trim().split('\n');

  test('nobody logs in without a name, and a new password leaves the last one valid', () => {
    const lines = users({ logins: { app: { password: 3 } } });
    expect(lines[0]).toBe('user default off');
    const names = lines.map(line => line.split(' ')[1]);
    expect(names).toEqual(['default', 'agent', 'replica', 'sentinel', 'backup', 'exporter', 'proxy', 'app_3', 'app_2']);
  });

  test('the servers’ own take three generations and use the last but one', () => {
    const objects = objectsOf({ password: 4 });
    expect(textOf(objects, 'users.acl')).toContain('user replica on @replica-4@ @replica-3@ @replica-2@ resetchannels');
    expect(textOf(objects, 'settings.sh')).toContain("USED='3'");
  });

  test('none may administer, and one that reads may not write', () => {
    const lines = users({ logins: { app: {}, reports: { may: 'read' } } });
    expect(lines.find(line => line.includes('app_1'))).toContain('+@all -@admin -@dangerous +info +role');
    expect(lines.find(line => line.includes('reports_1'))).not.toMatch(/\+@(all|write)/);
  });

  test('at the Sentinels they may ask, and change nothing', () => {
    const app = users({}, 'sentinel.acl').find(line => line.includes('app_1'))!;
    expect(app).toContain('+sentinel|get-master-addr-by-name');
    expect(app).not.toMatch(/sentinel\|(failover|set|remove|monitor|reset)/);
  });

  test('a client keeps the password of the generation before', () => {
    const { shop, cache } = made({ logins: { app: { password: 2 } } });
    service(shop, 'web', { env: { CACHE_URL: cache.url } });
    const { objects } = rendered(shop);
    const keys = (objects['ExternalSecret web'] as unknown as ExternalSecret).spec!.data!.map(each => each.secretKey);
    expect(keys).toEqual(['CACHE_URL_PASSWORD_1', 'CACHE_URL_PASSWORD_2']);
    const env = (objects['Deployment web'] as unknown as Deployment).spec!.template.spec!.containers[0]!.env!;
    expect(env.find(({ name }) => name === 'CACHE_URL')!.value).toBe(
      'rediss://app_2:$(CACHE_URL_PASSWORD)@cache.shop-data.svc:6379',
    );
    expect(env.find(({ name }) => name === 'CACHE_URL_CA_FILE')!.value).toBe('/etc/drydock/tls/ca.crt');
  });

  test('a client of the Sentinels knows them all', () => {
    const { shop, cache } = made();
    service(shop, 'api', { env: cache.sentinels('CACHE') });
    const { objects } = rendered(shop);
    const env = (objects['Deployment api'] as unknown as Deployment).spec!.template.spec!.containers[0]!.env!;
    const value = (name: string) => env.find(each => each.name === name)!.value;
    expect(value('CACHE_SENTINELS')!.split(',')).toHaveLength(3);
    expect(value('CACHE_SENTINELS')).toContain('cache-2.cache-pods.shop-data.svc.cluster.local:26379');
    expect(value('CACHE_MASTER')).toBe('cache');
    expect(value('CACHE_USER')).toBe('app_1');
    expect(objects).not.toHaveProperty('Deployment cache-proxy');
  });
});

describe('the proxy', () => {
  const config = (instances: number) => {
    const { shop, cache } = made({ instances });
    service(shop, 'web', { env: { CACHE_URL: cache.url } });
    service(shop, 'jobs', { env: { CACHE_URL: cache.url } });
    return (rendered(shop).objects['ConfigMap cache-proxy']!.data as Record<string, string>)[
      'etc_haproxy_haproxy.cfg'
    ]!;
  };

  test('leads to a server that says it is the primary and that a majority names', () => {
    expect(config(3)).toContain('use_backend redis_0 if { nbsrv(redis_0) ge 1 } { nbsrv(named_0) ge 2 }');
    expect(config(5)).toContain('use_backend redis_4 if { nbsrv(redis_4) ge 1 } { nbsrv(named_4) ge 3 }');
    expect(config(3)).not.toContain('default_backend');
  });

  test('has two pods in production, and no fewer', () => {
    const site = { tier: 'production' } as const;
    const { shop, cache } = made({}, site);
    service(shop, 'web', { env: { CACHE_URL: cache.url } });
    expect(rendered(shop).objects['Deployment cache-proxy']).toHaveProperty('spec.replicas', 2);
    expect(() => made({ proxy: { replicas: 1 } }, site)).toThrow('proxy.replicas is 1 in production; give at least 2');
  });

  test('one server alone needs none', () => {
    const { shop, cache } = made({ instances: 1 }, { tier: 'development' });
    service(shop, 'web', { env: { CACHE_URL: cache.url } });
    expect(rendered(shop).objects).not.toHaveProperty('Deployment cache-proxy');
    expect(rendered(shop).objects['Service cache']).toHaveProperty('spec.selector', {
      'app.kubernetes.io/instance': 'cache',
    });
    expect(() => cache.sentinels('CACHE')).toThrow('there are no Sentinels; use url, or give 3 instances');
  });
});

describe('backups', () => {
  test('are hourly and kept for 30 days, below the system’s own place', () => {
    const job = objectsOf()['CronJob cache-backup'] as unknown as CronJob;
    expect(job.spec!.schedule).toBe('0 * * * *');
    expect(job.metadata!.annotations!['drydock/keeps']).toBe('dumps of shop-data/cache for 30 days');
    const { initContainers, containers } = job.spec!.jobTemplate.spec!.template.spec!;
    expect(initContainers![0]!.name).toBe('dump');
    const env = Object.fromEntries(containers[0]!.env!.map(({ name, value }) => [name, value]));
    expect(env).toMatchObject({ PREFIX: 'staging/shop/cache', KEEP: '30d', PRIMARIES: '1' });
  });

  test('come every six hours where that is enough', () => {
    const job = objectsOf({ backups: { every: Duration.hours(6), keep: Duration.days(7) } })['CronJob cache-backup'];
    expect(job).toHaveProperty('spec.schedule', '0 */6 * * *');
  });

  test('are left out only where somebody says so, and in a development cluster without a store', () => {
    expect(objectsOf({ backups: 'none' })).not.toHaveProperty('CronJob cache-backup');
    expect(objectsOf({ instances: 1 }, { tier: 'development', objectStores: {} })).not.toHaveProperty(
      'CronJob cache-backup',
    );
    expect(() => made({}, { objectStores: {} })).toThrow("add it in clusters/, or write backups: 'none'");
  });

  test('a dump to begin with is fetched before the first pod starts', () => {
    const from = { at: '2026-11-20T10:00:00Z', id: 'old', cluster: 'eu-west-1' };
    const pod = setOf(objectsOf({ restoreFrom: from })).template.spec!;
    const env = pod.initContainers![0]!.env!;
    expect(env.find(({ name }) => name === 'OBJECT')!.value).toBe('eu-west-1/shop/old/2026/11/20/10.rdb.gz');
    expect(setOf(objectsOf()).template.spec!).not.toHaveProperty('initContainers');
  });
});

test.each<[Partial<RedisProps>, string]>([
  [{ instances: 2 }, 'shop/cache: instances is 2; give 3: of an even number of Sentinels half is no majority'],
  [{ instances: 4 }, 'give 5: of an even number'],
  [{ instances: 1 }, 'instances is 1; give 3: in staging one alone is an outage'],
  [{ instances: 9 }, 'for more data take RedisCluster'],
  [{ instances: 2.5 }, 'instances is 2.5; give 3'],
  [{ memory: Size.mebibytes(64) }, 'memory is 64 MiB, of which 41 would be data; give at least 128'],
  [{ memory: '2Gi' as never }, 'memory is "2Gi"; write Size.gibibytes(2)'],
  [{ eviction: undefined as never }, 'say what happens when memory is full'],
  [{ eviction: 'lru' as never }, 'eviction is "lru"'],
  [{ storage: undefined as never }, 'storage is missing; write Size.gibibytes(4)'],
  [{ storage: Size.gibibytes(2) }, 'storage is 2048 MiB and data may take 1331; give 2662 at least'],
  [{ storage: { created: Size.gibibytes(9), now: Size.gibibytes(5) } }, 'storage shrinks'],
  [{ server: 'redis 8' as never }, 'server is "redis 8"; write valkey 8.1 or redis 7.2'],
  [{ parameters: { maxmemory: '1gb' } }, 'parameters has maxmemory; leave it out: it follows from memory'],
  [{ parameters: { 'Max Clients': 1 } }, 'name one line of redis.conf'],
  [{ parameters: { maxclients: '1\nport 6379' } }, 'give one line'],
  [{ logins: {} }, 'logins is empty'],
  [{ logins: { replica: {} } }, "the login replica is one of the servers' own"],
  [{ logins: { 'App One': {} } }, 'use lower-case letters'],
  [{ logins: { app: { may: 'admin' as never } } }, 'logins.app.may is "admin"; write write or read'],
  [{ logins: { app: { password: 0 } } }, 'logins.app.password is 0'],
  [{ logins: { app: { passwd: 2 } as never } }, 'logins.app.passwd is no option'],
  [{ password: 1.5 }, 'password is 1.5'],
  [{ backups: { every: Duration.minutes(30) } }, 'backups.every is 0.5 hours'],
  [{ backups: { every: Duration.hours(24), keep: Duration.days(1) } }, 'keep at least 2 days'],
  [{ backups: { to: 'nowhere' } }, 'has no object store "nowhere"'],
  [{ restoreFrom: { at: '2026-11-20T10:30:00Z' } }, 'write the full hour of a dump'],
  [{ proxy: { replicas: 0 } }, 'proxy.replicas is 0 in staging'],
  [{ replicas: 3 } as never, 'replicas is no option'],
  [{ patch: { deployment: () => {} } as never }, 'patch.deployment is no option'],
])('refuses %j', (props, reason) => {
  expect(() => made(props)).toThrow(reason);
});

test('a login that is not there is refused', () => {
  expect(() => made({ logins: { web: {}, jobs: {} } }).cache.url).toThrow(
    'there is no login "app"; say which with login(\'…\'): it has web, jobs',
  );
  expect(() => made().cache.login('reports')).toThrow('there is no login "reports"');
});
