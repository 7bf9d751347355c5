import { describe, expect, test } from 'vitest';
import { type Databases, databasesOf, loginOf, loginsOf } from '../../../charts/postgres/roles.ts';
import { rolesSql } from '../../../charts/postgres/roles-sql.ts';

const SHOP: Databases = {
  shop: { roles: { app: { may: 'own', password: 3 }, reports: { may: 'read' } }, extensions: ['pgcrypto'] },
};

test('where nothing is declared there is one database, named after the system, and its owner', () => {
  expect(databasesOf('x', 'liquor-pos', undefined)).toEqual({ liquor_pos: { roles: { app: { may: 'own' } } } });
});

describe('logins', () => {
  test('of each role the generation before and the current one; the first has none before', () => {
    expect(loginsOf('database', SHOP).map(({ name, secret }) => [name, secret])).toEqual([
      ['shop_app_2', 'database/shop/app/2'],
      ['shop_app_3', 'database/shop/app/3'],
      ['shop_reports_1', 'database/shop/reports/1'],
    ]);
  });

  test('clients get the current one', () => {
    expect(loginOf('database', SHOP, 'shop', 'app').name).toBe('shop_app_3');
  });

  test('who migrates acts as the owner', () => {
    const databases: Databases = { shop: { roles: { app: { may: 'own' }, migrate: { may: 'migrate' } } } };
    expect(loginOf('database', databases, 'shop', 'migrate').group).toBe('shop_app');
    const files = rolesSql('database', databases);
    expect(files['roles.sql']).toContain('GRANT "drydock_migrations" TO "shop_migrate_1";');
    expect(files['roles.sql']).not.toContain('"shop_migrate"');
    expect(files['roles.sql']).not.toMatch(/(?<!NO)CREATEDB/);
    // As itself: the owner of what is in it can be kept out meanwhile.
    expect(files['database.shop.sql']).toContain('GRANT CONNECT ON DATABASE "shop" TO "shop_migrate_1";');
  });
});

describe('the SQL', () => {
  const files = rolesSql('database', SHOP);

  test('is one text for the server and one for each database, with the logins that get a password', () => {
    expect(Object.keys(files).sort()).toEqual(['database.shop.sql', 'logins', 'roles.sql']);
    expect(files.logins).toBe('shop_app_2\nshop_app_3\nshop_reports_1\n');
  });

  test('holds no password, and drops nothing', () => {
    for (const text of Object.values(files)) {
      expect(text).not.toMatch(/\bDROP\b/i);
      expect(text.replace('NOLOGIN PASSWORD NULL', '')).not.toMatch(/PASSWORD/i);
    }
  });

  test('takes away every login that it does not name', () => {
    expect(files['roles.sql']).toContain("<> ALL (ARRAY['shop_app_2', 'shop_app_3', 'shop_reports_1'])");
  });
});

const owned = { may: 'own' } as const;
test.each<[unknown, string]>([
  [{}, 'databases has none'],
  [{ Shop: { roles: { app: owned } } }, '"Shop" cannot name a database; use small letters'],
  [{ postgres: { roles: { app: owned } } }, 'databases.postgres has a name that means something else'],
  [{ shop_replica: { roles: { app: owned } } }, 'call it shop_data'],
  [{ shop: { roles: { app: owned }, extension: [] } }, 'databases.shop.extension is no option'],
  [{ shop: { roles: { app: { may: 'admin' } } } }, 'may is "admin"; write own, write, read or migrate'],
  [{ shop: { roles: { app: { ...owned, passwd: 2 } } } }, 'databases.shop.roles.app.passwd is no option'],
  [{ shop: { roles: { app: { ...owned, password: 0 } } } }, 'password is 0; give the generation'],
  [{ shop: { roles: { app: { ...owned, password: 'hunter2' } } } }, 'a whole number from 1'],
  [{ shop: { roles: { read_only: { may: 'read' }, app: owned } } }, 'has "read_only"; name a role with small letters'],
  [{ shop: { roles: { owner: owned } } }, 'has "owner", which is whom the database itself belongs to; call it app'],
  [{ shop: { roles: { reports: { may: 'read' } } } }, "has no role that owns; let one role have may: 'own'"],
  [{ shop: { roles: { a: owned, b: owned } } }, 'has 2 roles that own: a, b'],
  [
    { shop: { roles: { app: owned }, extensions: ['postgis'] } },
    'has "postgis", which the image does not have; choose',
  ],
  [{ [`s${'o'.repeat(60)}`]: { roles: { app: owned } } }, 'characters of 58; shorten'],
])('refuses %j', (databases, reason) => {
  expect(() => databasesOf('shop/database', 'shop', databases as Databases)).toThrow(reason);
});
