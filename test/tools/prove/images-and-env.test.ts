import { expect, test } from 'vitest';
import { api, broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'an image without tag',
    it => {
      api(it).image = 'ghcr.io/shop/api';
    },
    [
      'images: Deployment.api: spec.template.spec.containers[0].image "ghcr.io/shop/api" has no tag; pin a release: repository:tag, with @sha256:… where it is known',
    ],
  ],
  [
    'an image without tag but with a digest',
    it => {
      api(it).image = `ghcr.io/shop/api@sha256:${'a'.repeat(64)}`;
    },
    [
      'images: Deployment.api: spec.template.spec.containers[0].image "ghcr.io/shop/api@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" has no tag; pin a release: repository:tag, with @sha256:… where it is known',
    ],
  ],
  [
    'an image with tag and digest is fine',
    it => {
      api(it).image = `localhost:5000/shop/api:1.4.2@sha256:${'a'.repeat(64)}`;
    },
    [],
  ],
  [
    'a tag that moves',
    it => {
      api(it).image = 'ghcr.io/shop/api:latest';
    },
    [
      'images: Deployment.api: spec.template.spec.containers[0].image "ghcr.io/shop/api:latest" in tier production; pin a release: latest moves without a review',
    ],
  ],
  [
    'an image that is no reference',
    it => {
      api(it).image = 'ghcr.io/Shop/Api:1';
    },
    [
      'images: Deployment.api: spec.template.spec.containers[0].image is "ghcr.io/Shop/Api:1"; write registry/repository:tag',
    ],
  ],
  [
    'no pull policy',
    it => {
      delete api(it).imagePullPolicy;
    },
    ['images: Deployment.api: spec.template.spec.containers[0] has no imagePullPolicy; write Always'],
  ],
  [
    'a variable twice',
    it => {
      api(it).env.push({ name: 'PORT', value: '9000' });
    },
    [
      'schema: Deployment.api: spec.template.spec.containers[0].env[3] is PORT again; keep one: an apply refuses two of one name',
    ],
  ],
  [
    'a literal secret',
    it => {
      api(it).env.push({ name: 'JWT_KEY', value: 'hunter2' });
    },
    [
      "env: Deployment.api: spec.template.spec.containers[0].env[3] JWT_KEY holds a literal value; take it from the store with secret('…'); what is no secret gets a name that does not sound like one",
    ],
  ],
  [
    'secrets under short names',
    it => {
      api(it).env.push({ name: 'SMTP_PASS', value: 'hunter2' }, { name: 'STRIPE_KEY', value: 'hunter2' });
    },
    [
      "env: Deployment.api: spec.template.spec.containers[0].env[3] SMTP_PASS holds a literal value; take it from the store with secret('…'); what is no secret gets a name that does not sound like one",
      "env: Deployment.api: spec.template.spec.containers[0].env[4] STRIPE_KEY holds a literal value; take it from the store with secret('…'); what is no secret gets a name that does not sound like one",
    ],
  ],
  [
    'an address with a password',
    it => {
      api(it).env.push({ name: 'QUEUE_URL', value: 'amqp://shop:hunter2@queue:5672' });
    },
    [
      'env: Deployment.api: spec.template.spec.containers[0].env[3] QUEUE_URL holds an address with a password; write $(PASSWORD) in its place and take that from the store',
    ],
  ],
  [
    'a secret under a name that says nothing of one',
    it => {
      api(it).env.push(
        { name: 'PAYMENTS', value: `sk_live_${'Ab3'.repeat(8)}` },
        { name: 'CHAIN', value: '-----BEGIN EC PRIVATE KEY-----\n…' },
        { name: 'JAVA_OPTS', value: '-Xmx1g -Dspring.datasource.password=hunter2' },
      );
    },
    [
      "env: Deployment.api: spec.template.spec.containers[0].env[3] PAYMENTS holds a Stripe key; take it from the store with secret('…'); where it is a part of the value, write $(NAME) for it",
      "env: Deployment.api: spec.template.spec.containers[0].env[4] CHAIN holds a private key; take it from the store with secret('…'); where it is a part of the value, write $(NAME) for it",
      "env: Deployment.api: spec.template.spec.containers[0].env[5] JAVA_OPTS holds a literal Dspring.datasource.password; take it from the store with secret('…'); where it is a part of the value, write $(NAME) for it",
    ],
  ],
  [
    'what an issuer calls public is fine',
    it => {
      api(it).env.push(
        { name: 'STRIPE_PUBLISHABLE', value: `pk_live_${'Ab3'.repeat(8)}` },
        { name: 'SENTRY_DSN', value: `https://${'0a'.repeat(16)}@o1.ingest.sentry.io/2` },
      );
    },
    [],
  ],
  [
    'an address with a reference is fine',
    it => {
      api(it).env.push(
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'api', key: 'DATABASE_URL' } } },
        { name: 'QUEUE_URL', value: 'amqp://shop:$(PASSWORD)@queue:5672' },
        { name: 'PGPASSWORD', value: '$(PASSWORD)' },
      );
    },
    [],
  ],
  [
    'a secret’s name over what gives nothing away is fine',
    it => {
      api(it).env.push(
        { name: 'TOKEN_TTL', value: '900' },
        { name: 'JWT_REQUIRED', value: 'true' },
        { name: 'JWT_KEY_FILE', value: '/run/secrets/jwt.pem' },
        { name: 'BASIC_AUTH', value: 'off' },
        { name: 'ROUTING_KEY', value: 'orders.created' },
      );
      it['ConfigMap api'].data.token_ttl = '900';
    },
    [],
  ],
  [
    'a secret that only begins like a path',
    it => {
      api(it).env.push({ name: 'JWT_KEY', value: '/9j/4AAQ+SkZJRg==' });
    },
    [
      "env: Deployment.api: spec.template.spec.containers[0].env[3] JWT_KEY holds a literal value; take it from the store with secret('…'); what is no secret gets a name that does not sound like one",
    ],
  ],
  [
    'a ConfigMap’s key that is named like a secret',
    it => {
      it['ConfigMap api'].data.api_key = 'x';
    },
    [
      "env: ConfigMap.api: data.api_key is named like a secret; take it from the store with secret('…'); what is no secret gets a name that does not sound like one",
    ],
  ],
  [
    'a mount of nothing',
    it => {
      api(it).volumeMounts.push({ name: 'cache', mountPath: '/cache' });
    },
    [
      'mounts: Deployment.api: spec.template.spec.containers[0].volumeMounts[1] mounts cache, which is no volume of the pod; add it to volumes, or mount one of files',
    ],
  ],
  [
    'two mounts at one path',
    it => {
      api(it).volumeMounts.push({ name: 'files', mountPath: '/etc/api.yaml', subPath: 'level' });
    },
    [
      'schema: Deployment.api: spec.template.spec.containers[0].volumeMounts[1] is /etc/api.yaml again; keep one: an apply refuses two of one mountPath',
    ],
  ],
  [
    'a hook that sleeps away the grace period',
    it => {
      api(it).lifecycle.preStop = { exec: { command: ['/bin/sh', '-c', 'nginx -s quit; sleep 45'] } };
    },
    [
      'shutdown: Deployment.api: spec.template.spec.containers[0].lifecycle.preStop sleeps 45 s, spec.template.spec.terminationGracePeriodSeconds is 30; raise the grace period to 45 s and what the process needs to finish',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
