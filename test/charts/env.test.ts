import { describe, expect, test } from 'vitest';
import { type Env, secret } from '../../charts/index.ts';
import type { Deployment } from '../../imports/kubernetes.ts';
import { rendered, service, system } from './fixture.ts';

function names(env: Env): (string | undefined)[] | undefined {
  const shop = system();
  service(shop, 'web', { env });
  const { spec } = rendered(shop).objects['Deployment web'] as unknown as Deployment;
  return spec!.template.spec!.containers[0]!.env?.map(({ name }) => name);
}

describe('the order of variables', () => {
  test('what a value names stands above it: Kubernetes expands nothing else', () => {
    const env = {
      DATABASE_URL: 'postgres://app:$(PASSWORD)@$(HOST)/shop',
      HOST: 'db',
      PASSWORD: secret('db/password'),
    };
    expect(names(env)).toEqual(['PASSWORD', 'HOST', 'DATABASE_URL']);
  });

  test('and so on, whatever the alphabet says', () => {
    expect(names({ A: '$(B)', B: '$(C)', C: 'c' })).toEqual(['C', 'B', 'A']);
    expect(names({ A: '$(B)', B: '$(A)' })).toHaveLength(2);
  });

  test('is not the author’s', () => {
    expect(names({ B: 1, A: 2 })).toEqual(names({ A: 2, B: 1 }));
  });
});

test('without variables there is no list', () => {
  expect(names({})).toBeUndefined();
});
