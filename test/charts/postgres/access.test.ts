import { describe, expect, test } from 'vitest';
import type { Site } from '../../../charts/index.ts';
import type { Postgres } from '../../../charts/postgres/postgres.ts';
import type { Databases } from '../../../charts/postgres/roles.ts';
import type { Container, Deployment } from '../../../imports/kubernetes.ts';
import { production } from '../../site.ts';
import { rendered, service } from '../fixture.ts';
import { postgres } from './fixture.ts';

const TWO: Databases = {
  shop: { roles: { app: { may: 'own', password: 2 }, reports: { may: 'read' } } },
  ledger: { roles: { app: { may: 'own' } } },
};

/** The client's variables and its objects. */
function client(
  env: (of: Postgres) => Parameters<typeof service>[2] & object,
  databases?: Databases,
  site?: Partial<Site>,
) {
  const { shop, database } = postgres(databases && { databases }, site);
  service(shop, 'api', env(database));
  const { objects } = rendered(shop);
  const [container] = (objects['Deployment api'] as unknown as Deployment).spec!.template.spec!.containers as [
    Container,
  ];
  return { objects, variables: Object.fromEntries(container.env!.map(({ name, ...its }) => [name, its])) };
}

const SECURE = 'sslmode=verify-full&sslrootcert=/etc/drydock/tls/ca.crt';

test('a URL carries login, password, certificate and the way through the network', () => {
  const { objects, variables } = client(it => ({ env: { DATABASE_URL: it.poolerUrl } }));
  expect(variables.DATABASE_URL!.value).toBe(
    `postgresql://shop_app_1:$(DATABASE_URL_PASSWORD)@database-pooler.shop-data.svc:6432/shop?${SECURE}`,
  );
  expect(variables.DATABASE_URL_PASSWORD).toEqual({
    valueFrom: { secretKeyRef: { name: 'api', key: 'DATABASE_URL_PASSWORD_1' } },
  });
  expect(objects['ExternalSecret api']).toHaveProperty('spec.data.0.remoteRef.key', 'shop/database/shop/app/1');
  expect(objects).toHaveProperty('Certificate api');
  expect(objects['NetworkPolicy api']).toHaveProperty('spec.egress.1.ports.0.port', 6432);
  expect(JSON.stringify(objects['NetworkPolicy database'])).not.toContain('"api"');
});

test('replicas have an entry of their own, and what needs a session goes to the server itself', () => {
  const { objects, variables } = client(it => ({
    env: { READ_URL: it.replicaUrl, DIRECT_URL: it.login().directUrl },
  }));
  expect(variables.READ_URL!.value).toContain(':6432/shop_replica?');
  expect(variables.DIRECT_URL!.value).toContain('@database.shop-data.svc:5432/shop?');
  expect(objects['NetworkPolicy database']).toHaveProperty('spec.ingress.2.ports.0.port', 5432);
});

test('where the system only follows, a session is with a server that follows', () => {
  const { variables } = client(it => ({ env: { DIRECT_URL: it.login().directUrl } }), undefined, {
    role: 'standby',
    follows: production,
  });
  expect(variables.DIRECT_URL!.value).toContain('@database-replica.shop-data.svc:5432/shop?');
});

test('a new password has a key of its own beside the one before, so that old pods start again and new ones wait', () => {
  const { objects, variables } = client(it => ({ env: { URL: it.login('app', 'shop').poolerUrl } }), TWO);
  expect(variables.URL!.value).toContain('//shop_app_2:$(URL_PASSWORD)@');
  expect(variables.URL_PASSWORD).toHaveProperty('valueFrom.secretKeyRef.key', 'URL_PASSWORD_2');
  const { data } = (
    objects['ExternalSecret api'] as never as { spec: { data: { secretKey: string; remoteRef: { key: string } }[] } }
  ).spec;
  expect(data.map(({ secretKey, remoteRef }) => [secretKey, remoteRef.key])).toEqual([
    ['URL_PASSWORD_1', 'shop/database/shop/app/1'],
    ['URL_PASSWORD_2', 'shop/database/shop/app/2'],
  ]);
});

test('the console leads to every pod, as a user of its own', () => {
  const { objects, variables } = client(({ pooler }) => ({ env: { CONSOLE: pooler.consoleUrl } }));
  expect(variables.CONSOLE!.value).toContain(
    '//console:$(CONSOLE_PASSWORD)@database-pooler-pods.shop-data.svc:6432/pgbouncer?',
  );
  expect(objects['ExternalSecret api']).toHaveProperty('spec.data.0.remoteRef.key', 'shop/database/console/1');
  expect(objects['Service database-pooler-pods']).toMatchObject({
    spec: { clusterIP: 'None', publishNotReadyAddresses: true },
  });
});

describe('refuses', () => {
  test.each<[string, (of: Postgres) => unknown, Databases | undefined]>([
    ["say which: login('app', 'shop').poolerUrl", it => it.poolerUrl, TWO],
    ['there is no role "clerk" in the database shop; it has app', it => it.login('clerk'), undefined],
    ['there is no database "stock"; it has shop, ledger', it => it.login('app', 'stock'), TWO],
  ])('%s', (reason, ask, databases) => {
    const { database } = postgres(databases && { databases });
    expect(() => ask(database)).toThrow(reason);
  });
});
