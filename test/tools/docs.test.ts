import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pages } from '../../tools/docs/cli.ts';
import { cloudRolesPage } from '../../tools/docs/cloud-roles.ts';
import { picture } from '../../tools/docs/picture.ts';
import type { End } from '../../tools/prove/rule.ts';

const written = pages();

test.each([...written.keys()])('%s is what the code says: `npm run docs` writes it', file => {
  expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined).toBe(written.get(file));
});

test('no page stands there of a system that is gone', () => {
  expect(readdirSync('docs/topology').map(file => `docs/topology/${file}`)).toEqual(
    [...written.keys()].filter(file => file.startsWith('docs/topology/')),
  );
});

test('a picture has every workload, wired or not, what is outside, and the ports on the arrows', () => {
  const workload = (name: string): End => ({ is: 'workload', namespace: 'shop', name });
  const edge: End = { is: 'pods', called: 'the edge', namespace: 'nginx-ingress' };
  const stripe: End = { is: 'hosts', called: 'Stripe', hosts: ['api.stripe.com'] };
  const wiring = [
    { from: edge, to: workload('web'), port: 8080 },
    { from: edge, to: workload('web'), port: 8000 },
    { from: workload('web'), to: stripe, port: 443 },
  ];
  expect(picture(wiring, new Map([['shop', ['worker', 'web']]]))).toBe(`\`\`\`mermaid
flowchart LR
  in_the_edge(["the edge"])
  subgraph "shop"
    shop_web["web"]
    shop_worker["worker"]
  end
  out_Stripe{{"Stripe<br/>api.stripe.com"}}
  in_the_edge -->|8000, 8080| shop_web
  shop_web -->|443| out_Stripe
\`\`\``);
});

test('a role is told with whom it trusts and what it allows', () => {
  const rights = [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] }];
  const role = { cluster: 'c', account: '1', name: 'c-shop-web', subject: 'system:serviceaccount:shop:web', rights };
  expect(cloudRolesPage([role])).toContain(
    '| c | 1 | `c-shop-web` | `system:serviceaccount:shop:web` | s3:GetObject on `arn:aws:s3:::b/*` |',
  );
  const other = { ...role, subject: 'system:serviceaccount:shop:api' };
  expect(cloudRolesPage([role, other])).toContain(
    '| c | 1 | `c-shop-web` | `system:serviceaccount:shop:web`<br>`system:serviceaccount:shop:api` | s3:GetObject on `arn:aws:s3:::b/*` |',
  );
});
