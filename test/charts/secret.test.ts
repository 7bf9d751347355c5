import { describe, expect, test } from 'vitest';
import { type Site, secret } from '../../charts/index.ts';
import { rendered, service, system } from './fixture.ts';

function objects(secrets: Site['secrets']) {
  const shop = system({ secrets });
  service(shop, 'web', { env: { KEY: secret('jwt/hs256') } });
  return rendered(shop).objects;
}

function reference(secrets: Site['secrets']): unknown {
  const { spec } = objects(secrets)['ExternalSecret web'] as unknown as {
    spec: { data: { remoteRef: unknown }[]; secretStoreRef: unknown };
  };
  return { ...(spec.data[0]!.remoteRef as object), store: spec.secretStoreRef };
}

describe('one interface, three stores', () => {
  test('AWS Secrets Manager keeps single values', () => {
    expect(reference({ driver: 'aws', region: 'us-east-1' })).toMatchObject({
      key: 'shop/jwt/hs256',
      store: { kind: 'ClusterSecretStore', name: 'default' },
    });
  });

  test('Vault keeps maps: the last part of the path is the field', () => {
    expect(reference({ driver: 'vault', server: 'https://vault', mount: 'kv', role: 'r' })).toMatchObject({
      key: 'shop/jwt',
      property: 'hs256',
    });
  });

  test('a cluster without a store makes values up, in the namespace that asks', () => {
    expect(reference({ driver: 'fake' })).toMatchObject({
      key: 'shop/jwt/hs256',
      store: { kind: 'SecretStore', name: 'default' },
    });
    expect(objects({ driver: 'fake' })['SecretStore default']).toMatchObject({
      spec: {
        // It may stand in an address.
        provider: { fake: { data: [{ key: 'shop/jwt/hs256', value: 'made-up-for-local-use-only-shop-jwt-hs256' }] } },
      },
    });
  });
});

test('the pod reads the variable from the Secret that External Secrets writes, and no Secret is rendered', () => {
  const made = objects({ driver: 'aws', region: 'us-east-1' });
  expect(made['Deployment web']).toMatchObject({
    spec: {
      template: {
        spec: { containers: [{ env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'web', key: 'KEY' } } }] }] },
      },
    },
  });
  expect(Object.keys(made).filter(key => key.startsWith('Secret '))).toEqual([]);
});

test('a secret may be a file: mounted from the same Secret, alone at its path', () => {
  const shop = system({ secrets: { driver: 'aws', region: 'us-east-1' } });
  service(shop, 'web', { files: { '/etc/web/key.pem': secret('signing/key') } });
  const { objects } = rendered(shop);
  expect(objects['ExternalSecret web']).toMatchObject({
    spec: { data: [{ secretKey: 'etc_web_key.pem', remoteRef: { key: 'shop/signing/key' } }] },
  });
  expect(objects['Deployment web']).toMatchObject({
    spec: {
      template: {
        spec: {
          containers: [{ volumeMounts: [{}, { mountPath: '/etc/web/key.pem', subPath: 'etc_web_key.pem' }] }],
          volumes: [{}, { secret: { secretName: 'web' } }],
        },
      },
    },
  });
});

test('a path that is none is refused', () => {
  expect(() => secret('jwt key')).toThrow('is no path in a store');
  expect(() => secret('../platform/root')).toThrow('is no path in a store');
});
