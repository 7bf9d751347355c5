import { describe, expect, test } from 'vitest';
import type { Site } from '../../../charts/index.ts';
import type { PostgresProps } from '../../../charts/postgres/options.ts';
import type { ConfigMap, Deployment, NetworkPolicy } from '../../../imports/kubernetes.ts';
import { production } from '../../site.ts';
import { judged, rendered, service } from '../fixture.ts';
import { postgres } from './fixture.ts';

type Props = Partial<PostgresProps>;

const FOLLOWS = { role: 'standby', follows: production } as const;

function made(props?: Props, site?: Partial<Site>) {
  return rendered(postgres(props, site).shop).objects;
}

const iniOf = (objects: ReturnType<typeof made>) =>
  (objects['ConfigMap database-pooler'] as unknown as ConfigMap).data!['etc_pgbouncer_pgbouncer.ini']!;
const podOf = (objects: ReturnType<typeof made>) =>
  (objects['Deployment database-pooler'] as unknown as Deployment).spec!.template.spec!;

describe('where its databases lead', () => {
  const hosts = (props: Props, site?: Partial<Site>) =>
    [...iniOf(made(props, site)).matchAll(/^(\w+) = host=([\w-]+)/gm)].map(([, name, host]) => `${name} ${host}`);

  test('to the primary, and to its followers', () => {
    expect(hosts({})).toEqual(['shop database', 'shop_replica database-replica']);
  });

  test('to the only server there is', () => {
    expect(hosts({ instances: 1 })).toEqual(['shop database', 'shop_replica database']);
  });

  test.each(['replica', 'standby'] as const)('to servers that follow, where the system is a %s', role => {
    expect(hosts({}, { ...FOLLOWS, role })).toEqual(['shop database-replica', 'shop_replica database-replica']);
  });

  test('what leads to a follower only reads', () => {
    expect(iniOf(made({ instances: 1 }))).toMatch(
      /^shop_replica .* connect_query='SET default_transaction_read_only = on'$/m,
    );
  });
});

describe('how many connections a pod holds', () => {
  const size = (props: Props, site?: Partial<Site>) =>
    Number(/^default_pool_size = (\d+)$/m.exec(iniOf(made(props, site)))![1]);

  test.each<[string, number, Props]>([
    ['100 less 20, for two pods twice while they roll', 20, {}],
    ['three pods', 13, { pooler: { replicas: 3 } }],
    ['both entries at one server', 10, { instances: 1 }],
    ['more connections', 95, { parameters: { max_connections: 400 } }],
    ['what is asked for', 5, { pooler: { connections: 5 } }],
  ])('%s: %i', (_, expected, props) => {
    expect(size(props)).toBe(expected);
  });

  test('over all users of an entry', () => {
    expect(iniOf(made())).toMatch(/^max_db_connections = 20$/m);
  });

  test('both entries follow where the system does', () => {
    expect(size({}, FOLLOWS)).toBe(10);
  });
});

test('its list of users and its socket are in memory, passwords come as a directory that follows the store', () => {
  const { volumes } = podOf(made());
  expect(volumes).toContainEqual({ name: 'run', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } });
  expect(volumes).toContainEqual({ name: 'logins', secret: { defaultMode: 0o440, secretName: 'database-pooler' } });
});

test('whoever is not wired reaches neither the pooler nor the servers', () => {
  const { shop, database } = postgres();
  service(shop, 'api', { env: { DATABASE_URL: database.poolerUrl } });
  service(shop, 'migrate', { env: { DATABASE_URL: database.login().directUrl } });
  service(shop, 'stranger');
  const { objects } = rendered(shop);
  const callers = (policy: string, port: number) =>
    (objects[`NetworkPolicy ${policy}`] as unknown as NetworkPolicy)
      .spec!.ingress!.filter(({ ports }) => ports!.some(each => each.port === port))
      .flatMap(({ from }) => from!.map(({ podSelector }) => podSelector!.matchLabels!['app.kubernetes.io/instance']))
      .sort();
  expect(callers('database-pooler', 6432)).toEqual(['api']);
  expect(callers('database', 5432)).toEqual(['database', 'database-pooler', 'migrate']);
});

test('another setting rolls its pods, a new password does not', () => {
  const hash = (props?: Props) =>
    (made(props)['Deployment database-pooler'] as unknown as Deployment).spec!.template.metadata!.annotations;
  const app = (password: number) => ({ databases: { shop: { roles: { app: { may: 'own' as const, password } } } } });
  expect(hash({ pooler: { clients: 500 } })).not.toEqual(hash());
  expect(hash(app(2))).toEqual(hash(app(1)));
});

test('it leaves its Services first, then lets transactions end', () => {
  const pod = podOf(made());
  expect(pod.containers[0]!.lifecycle).toEqual({ preStop: { sleep: { seconds: 10 } } });
  expect(pod.terminationGracePeriodSeconds).toBe(45);
});

test('at night it is there as the servers are', () => {
  const workingHours = { timeZone: 'Europe/Berlin', days: '1-5', from: 7, to: 19 };
  const objects = made({}, { workingHours });
  expect(objects).not.toHaveProperty('ScaledObject database-pooler');
  expect(objects['Deployment database-pooler']).toHaveProperty('spec.replicas', 2);
});

test.each<[string, Partial<Site>]>([
  ['writes', {}],
  ['follows', FOLLOWS],
])('all laws hold for a pooler and its client where the system %s', (_, site) => {
  const { shop, database } = postgres({}, site);
  const { poolerUrl, replicaUrl, directUrl } = database.login();
  const env = { DATABASE_URL: poolerUrl, READ_URL: replicaUrl, DIRECT_URL: directUrl };
  service(shop, 'api', { env: { ...env, CONSOLE: database.pooler.consoleUrl } });
  expect(judged(shop)).toEqual([]);
});

test.each<[Props, Partial<Site>, string]>([
  [{ pooler: { replicas: 0 } }, {}, 'pooler.replicas is 0; give a whole number from 1'],
  [
    { pooler: { replicas: 1 } },
    production,
    'pooler.replicas is 1; give a whole number from 2, since one pod alone is an outage',
  ],
  [{ pooler: { clients: 1.5 } }, {}, 'pooler.clients is 1.5'],
  [{ pooler: { pods: 2 } as never }, {}, 'pooler.pods is no option'],
  [{ pooler: { patch: { autoscaler: () => {} } as never } }, {}, 'pooler.patch.autoscaler is no option'],
  [{ pooler: { memory: 128 as never } }, {}, 'memory is 128; write Size.mebibytes'],
  [{ pooler: { connections: 0 } }, {}, 'pooler.connections is 0'],
  [
    { pooler: { connections: 21 } },
    {},
    'pooler.connections 21 × 4 pods while they roll × 1 entries to one server are 84, and max_connections 100 less 20 for others leaves 80; lower it to 20, or raise parameters.max_connections to 104',
  ],
  [{ parameters: { max_connections: 25 } }, {}, 'which is 1 each; raise parameters.max_connections to 28 at least'],
])('refuses %j', (props, site, reason) => {
  expect(() => made(props, site)).toThrow(reason);
});
