import { describe, expect, test } from 'vitest';
import { external, objectStore, type Site, secret } from '../../charts/index.ts';
import type { NetworkPolicy } from '../../imports/kubernetes.ts';
import { rendered, SITE, service, system } from './fixture.ts';

const CILIUM: Site['network'] = { plugin: 'cilium', apiServer: { addresses: ['10.0.0.0/8'], port: 443 } };
const stripe = external('Stripe', { hosts: ['api.stripe.com'] });
const relay = external('mail', { hosts: ['smtp.example.org'], port: 587, addresses: ['203.0.113.7/32'] });

function egress(objects: Record<string, unknown>, name = 'web') {
  const [, ...rest] = (objects[`NetworkPolicy ${name}`] as NetworkPolicy).spec!.egress!;
  return rest;
}

describe('a service outside the cluster', () => {
  function calling(site: Partial<Site> = {}) {
    const shop = system(site);
    service(shop, 'web', { env: { STRIPE_KEY: stripe.secret('stripe/key'), MAIL_URL: relay.url } });
    service(shop, 'other');
    return rendered(shop).objects;
  }

  test('comes with its secret and its address', () => {
    const objects = calling();
    expect(objects['ExternalSecret web']).toHaveProperty('spec.data.0.remoteRef.key', 'shop/stripe/key');
    expect(objects['Deployment web']).toHaveProperty('spec.template.spec.containers.0.env', [
      { name: 'MAIL_URL', value: 'https://smtp.example.org:587' },
      { name: 'STRIPE_KEY', valueFrom: { secretKeyRef: { key: 'STRIPE_KEY', name: 'web' } } },
    ]);
  });

  test('host and port apart, for what is no URL', () => {
    const shop = system();
    service(shop, 'web', { env: { SMTP_HOST: relay.host, SMTP_PORT: 587 } });
    expect(egress(rendered(shop).objects)).toHaveLength(1);
  });

  test('a reference inside a text is refused: it would open nothing', () => {
    const web = service(system(), 'web');
    expect(() => `${web.url}/v1`).toThrow('give it a variable of its own, A_URL, and write $(A_URL) in the text');
    expect(() => `Bearer ${secret('a/b')}`).toThrow('a reference (secret a/b) stands inside a text');
  });

  test('a variable that comes while the objects are made is refused: its wire would be missing', () => {
    const shop = system();
    const web = service(shop, 'web', { patch: { service: () => web.wire({ LATE: 'x' }) } });
    rendered(shop);
    expect(() => web.wire({ LATER: 'x' })).toThrow('variable LATER is given while it is rendered');
  });

  test('by name where the plugin matches names, and at known addresses, and for nobody else', () => {
    const objects = calling({ network: CILIUM });
    expect(egress(objects)).toEqual([
      { to: [{ ipBlock: { cidr: '203.0.113.7/32' } }], ports: [{ port: 587, protocol: 'TCP' }] },
    ]);
    expect(objects['CiliumNetworkPolicy web']).toMatchObject({
      spec: {
        endpointSelector: { matchLabels: { 'app.kubernetes.io/instance': 'web' } },
        egress: [
          { toPorts: [{ rules: { dns: [{ matchPattern: '*' }] } }] },
          {
            toFQDNs: [{ matchName: 'api.stripe.com' }],
            toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }],
          },
        ],
      },
    });
    expect(objects).not.toHaveProperty('CiliumNetworkPolicy other');
    expect(egress(objects, 'other')).toEqual([]);
  });

  test('as any public address where it cannot, which the policy says; never a private one', () => {
    const policy = calling()['NetworkPolicy web'] as unknown as NetworkPolicy;
    const [open] = policy.spec!.egress!.filter(({ to }) => to![0]!.ipBlock?.cidr === '0.0.0.0/0');
    expect(open!.to![0]!.ipBlock!.except).toEqual(
      expect.arrayContaining(['10.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16']),
    );
    expect(policy.metadata.annotations!['drydock/opens-wider']).toMatch(/api\.stripe\.com:443$/);
    expect(calling()['NetworkPolicy other']).not.toHaveProperty('metadata.annotations.drydock/opens-wider');
  });

  test.each([
    [{ hosts: [] }, 'external("x"): hosts is []; list at least one'],
    [{ hosts: 'api.stripe.com' } as never, 'hosts is "api.stripe.com"; list at least one'],
    [{ hosts: ['api.stripe.com'], adresses: [] } as never, 'adresses is no option'],
    [{ hosts: ['api.stripe.com'], addresses: [] }, 'addresses is []; list them all'],
    [{ hosts: ['api.stripe.com'], addresses: ['999.1.1.1/99'] }, 'addresses has "999.1.1.1/99"'],
    [{ hosts: ['api.stripe.com'], addresses: ['0.0.0.0/0'] }, 'this holds the node itself'],
    [{ hosts: ['api.stripe.com'], addresses: ['169.254.169.254/32'] }, "or the cloud's metadata"],
    [{ hosts: ['*.stripe.com'] }, 'without scheme, port or *'],
    [{ hosts: ['https://api.stripe.com'] }, 'give a lower-case DNS name in full'],
    [{ hosts: ['api.stripe.com'], port: 0 }, 'port is 0'],
    [{ hosts: ['api.stripe.com'], addresses: ['api'] }, 'addresses has "api"; write 203.0.113.0/24'],
  ])('refuses %j', (props, reason) => {
    expect(() => external('x', props)).toThrow(reason);
  });
});

describe('an object store', () => {
  const S3 = { provider: 's3', bucket: 'shop-images', region: 'eu-north-1' } as const;
  function storing(store: Site['objectStores'][string], site: Partial<Site> = {}) {
    const shop = system({ objectStores: { images: store }, network: CILIUM, ...site });
    service(shop, 'web', { env: objectStore(shop.site, 'images', 'IMAGES') });
    return rendered(shop).objects;
  }

  test('in AWS comes with a role of the account’s, and the way to S3 and STS', () => {
    const objects = storing(S3);
    expect(objects['ServiceAccount web']).toHaveProperty('metadata.annotations', {
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::444444444444:role/staging.shop.web',
      'eks.amazonaws.com/sts-regional-endpoints': 'true',
    });
    const hosts = JSON.stringify(objects['CiliumNetworkPolicy web']);
    for (const host of ['s3.eu-north-1', 'shop-images.s3.eu-north-1', 'sts.eu-north-1'])
      expect(hosts).toContain(`"${host}.amazonaws.com"`);
    expect(objects).not.toHaveProperty('ExternalSecret web');
  });

  test('elsewhere comes with keys from the secret store, and no role', () => {
    const objects = storing({ ...S3, endpoint: 'http://minio.example.org:9000', addresses: ['172.16.0.0/12'] });
    expect(objects['ServiceAccount web']).not.toHaveProperty('metadata.annotations');
    expect(objects['ExternalSecret web']).toMatchObject({
      spec: { data: [{ remoteRef: { key: 'shop/images/access-key-id' } }, {}] },
    });
    expect(egress(objects)).toEqual([
      { to: [{ ipBlock: { cidr: '172.16.0.0/12' } }], ports: [{ port: 9000, protocol: 'TCP' }] },
    ]);
  });

  test('is refused where the cluster has none, where it speaks no S3, or where there is no account for a role', () => {
    expect(() => objectStore(SITE, 'images', 'IMAGES')).toThrow(
      'staging has no object store "images"; it has backups: add it',
    );
    expect(() => storing({ provider: 'azure', bucket: 'b', region: 'r' })).toThrow('is azure; name one that speaks S3');
    expect(() => storing(S3, { account: undefined })).toThrow('shop/web: staging stands in no AWS account');
  });
});

describe('two services that call each other', () => {
  test('the second reference is given afterwards', () => {
    const shop = system();
    const a = service(shop, 'a');
    const b = service(shop, 'b', { env: { A_URL: a.url } });
    a.wire({ B_URL: b.url });
    expect(() => a.wire({ B_URL: 'x' })).toThrow('shop/a: variable B_URL is given twice');
    expect(JSON.stringify(egress(rendered(shop).objects, 'a'))).toContain('"b"');
    expect(shop.wiring).toHaveLength(2);
  });
});

describe('rights', () => {
  test('come with a token, a role of their own and the way to the API server; without them there is none of it', () => {
    const shop = system();
    service(shop, 'web', { rights: [{ verbs: ['update', 'get'], resources: ['configmaps'], names: ['leader'] }] });
    service(shop, 'other');
    const { objects } = rendered(shop);
    expect(objects['Role web']).toHaveProperty('rules', [
      { apiGroups: [''], resourceNames: ['leader'], resources: ['configmaps'], verbs: ['get', 'update'] },
    ]);
    expect(objects['RoleBinding web']).toHaveProperty('subjects', [
      { kind: 'ServiceAccount', name: 'web', namespace: 'shop' },
    ]);
    expect(egress(objects)).toEqual([
      { to: [{ ipBlock: { cidr: '10.20.0.0/16' } }], ports: [{ port: 443, protocol: 'TCP' }] },
    ]);
    expect(JSON.stringify(objects['Deployment web'])).toContain('serviceAccountToken');
    expect(JSON.stringify(objects['Deployment other'])).not.toContain('serviceAccountToken');
    expect(objects).not.toHaveProperty('Role other');
  });

  test.each([
    [{ verbs: ['get'], resources: ['configmaps'], name: ['flags'] }, 'name is no option; there are verbs'],
    [{ verbs: 'get', resources: ['configmaps'] }, 'verbs is "get"; list at least one'],
    [{ verbs: ['get'], resources: ['configmaps'], names: [] }, 'names is []; list at least one'],
  ])('refuses %j, which would allow more or nothing', (right, reason) => {
    expect(() => service(system(), 'web', { rights: [right as never] })).toThrow(reason);
  });

  test('where the plugin knows the API server, by what it is', () => {
    const shop = system({ network: CILIUM });
    service(shop, 'web', { rights: [{ verbs: ['list'], resources: ['pods'] }] });
    expect(rendered(shop).objects['CiliumNetworkPolicy web']).toHaveProperty('spec.egress.1.toEntities', [
      'kube-apiserver',
    ]);
  });
});

describe('an audit log', () => {
  test('is printed by a container of its own, which starts first and ends last', () => {
    const shop = system();
    service(shop, 'web', { replicas: 1, auditLog: '/var/log/shop/audit.log', env: { KEY: secret('k') } });
    const { objects } = rendered(shop);
    expect(objects['Deployment web']).toMatchObject({
      spec: {
        template: {
          spec: {
            initContainers: [
              {
                name: 'audit-log',
                restartPolicy: 'Always',
                command: ['tail', '-n', '+1', '-F', '/var/log/shop/audit.log'],
                volumeMounts: [{ mountPath: '/var/log/shop', readOnly: true }],
              },
            ],
          },
        },
      },
    });
    // It reads no secret, and counts.
    expect(objects['Deployment web']).not.toHaveProperty('spec.template.spec.initContainers.0.env');
    expect(objects['ResourceQuota quota']).toHaveProperty(['spec', 'hard', 'requests.memory'], '320Mi');
  });

  test('needs a folder of its own', () => {
    expect(() => service(system(), 'web', { auditLog: '/audit.log' })).toThrow('give a file in a folder of its own');
  });
});
