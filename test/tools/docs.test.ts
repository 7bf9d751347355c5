import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alertsPage, type Watching } from '../../tools/docs/alerts.ts';
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

describe('the page of alerts', () => {
  const rule = (severity: string, threshold: string, labels = {}) => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'api', namespace: 'shop' },
    spec: {
      groups: [
        {
          rules: [
            {
              alert: 'ErrorsHigh',
              expr: `a | b > ${threshold}`,
              for: '5m',
              labels: { service: 'api', severity, ...labels },
              annotations: {
                summary: '{{ $labels.pod }} fails',
                threshold,
                why: 'One | two.',
                runbook_url: 'https://example.com/blob/main/runbooks/services/http.md#errorshigh',
              },
            },
          ],
        },
      ],
    },
  });
  const unit = (tier: string, cluster: string, ...manifests: Watching['manifests']): Watching => ({
    cluster,
    tier,
    system: 'shop',
    manifests,
    agreed: [],
  });
  const lines = (...units: Watching[]) => alertsPage(units, ['staging', 'production']).split('\n');
  const END = '| One \\| two. | [services/http](../runbooks/services/http.md#errorshigh) |';

  test('has one row for an alert of a service, whatever clusters have it', () => {
    const same = rule('P2', '0.05');
    expect(lines(unit('staging', 's', same), unit('production', 'p', same))).toContain(
      `| api | \`ErrorsHigh\` | P2 |  | ‹pod› fails | 0.05 | 5m ${END}`,
    );
  });

  test('says for which tier a value holds, and for which cluster where a tier has two', () => {
    const [one, other] = [rule('P2', '0.05'), rule('P2', '0.1')];
    expect(lines(unit('staging', 's', other), unit('production', 'a', one))).toContain(
      `| api | \`ErrorsHigh\` | P2 |  | ‹pod› fails | 0.05 (production)<br>0.1 (staging) | 5m ${END}`,
    );
    expect(lines(unit('production', 'a', one), unit('production', 'b', other))).toContain(
      `| api | \`ErrorsHigh\` | P2 |  | ‹pod› fails | 0.05 (a)<br>0.1 (b) | 5m ${END}`,
    );
  });

  test('says where it is, if some clusters of the system lack it', () => {
    const [one, other] = [rule('P2', '0.05'), rule('P2', '0.1')];
    const row = (where: string, limit = '0.05') =>
      `| api | \`ErrorsHigh\`<br>${where} | P2 |  | ‹pod› fails | ${limit} | 5m ${END}`;
    const [a, b] = [unit('production', 'a', one), unit('production', 'b')];
    expect(lines(a, b)).toContain(row('only in a'));
    expect(lines(unit('staging', 's'), a)).toContain(row('only in a'));
    expect(lines(unit('staging', 's', other), a, b)).toContain(row('not in b', '0.05 (production)<br>0.1 (staging)'));
    // Another system's clusters are none that it could be in.
    expect(lines({ ...b, system: 'till' }, a).join()).not.toMatch(/(only|not) in/);
  });

  test('says where an objective is, if some clusters of the system lack it', () => {
    const objective = rule('P2', '0.05', { burn: '14.4', long: '1h', short: '5m' });
    const metadata = { ...objective.metadata, annotations: { 'drydock/objective': '99.9 % are good' } };
    const written = lines(unit('production', 'a', { ...objective, metadata }), unit('production', 'b'));
    expect(written).toContain('| api | api<br>only in a | 99.9 % are good | P2: 5 % bad within 1h and 5m, for 5m |');
  });

  test('names who answers for what was agreed, and until when', () => {
    const agreed = {
      ...({ alert: 'ErrorsHigh', is: 'silenced', construct: 'shop/api' } as const),
      ...{ reason: 'a partner tests', owner: 'retail', expires: '2030-01-31' },
    };
    expect(lines({ ...unit('staging', 's'), agreed: [agreed] })).toContain(
      '| `ErrorsHigh` | `shop/api` | silenced | s | a partner tests | retail | 2030-01-31 |',
    );
  });
});
