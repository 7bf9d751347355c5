// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what it looks for
import { expect, test } from 'vitest';
import { isSecret, secretFlags, secretsIn } from '../../../tools/prove/rules/secret-text.ts';

test.each([
  ['requirepass hunter2', 'requirepass'],
  ['a: 1\n  password: x\n', 'password'],
  ['{"user":"a","db_password":"hunter 2"}', 'db_password'],
  ['spring.datasource.password=hunter2', 'spring.datasource.password'],
  ['host=db password=hunter2! port=1', 'password'],
  ["- api_key: 'abc='", 'api_key'],
  ['oauth:\n  clientSecret: abc', 'clientSecret'],
  ['sentinel auth-pass main hunter2', 'sentinel auth-pass main'],
  ['auth:\n  user: app\n  pass: hunter2\n', 'pass'],
  ['{"auth": {"user": "app", "smtpPass": "hunter2"}}', 'smtpPass'],
  ['user=app DB_PASS=hunter2', 'DB_PASS'],
])('%j holds a secret', (text, name) => {
  expect([...secretsIn(text)]).toEqual([`a literal ${name}`]);
});

test.each([
  'password: ${PASSWORD}',
  'password: $(PASSWORD)',
  'password=$PASSWORD',
  'clientSecret: "$dex.github.clientSecret"',
  'password: {{ .Values.password }}',
  'Authorization: Bearer {{API_TOKEN:trim}}',
  'password: <password>',
  'password:\n  from: file',
  'password: ""',
  'requirepass ""',
  'requirepass ${REDIS_PASSWORD}',
  '# password: hunter2',
  'a: 1\n  # requirepass: hunter2',
  'password: /run/secrets/password',
  'passwordFile: secret.txt',
  'password_encryption = scram-sha-256',
  'max_password: 32',
  'password: string;',
  'password := os.Getenv("PASSWORD")',
  'local password = redis.call("get", key)',
  'host all all 0.0.0.0/0 password',
  'secretName: api-tls',
  'imagePullSecret: registry',
  '{"password": {"type": "string"}}',
  'token: "%H:%M"',
  'bypass: localhost',
  'compass: north',
  'pass: true',
  'pass: ${SMTP_PASS}',
  'pass_through: cookies',
  'proxy-pass: http://api:8000',
  'postgres://app:${PASSWORD}@database',
  'postgres://app:$(PASSWORD)@database',
  'postgres://app:%s@database',
  'http://host:8080/mail?to=a@example.com',
])('%j holds none', text => {
  expect([...secretsIn(text)]).toEqual([]);
});

test('addresses', () => {
  expect([...secretsIn('url: amqp://app:hunter%402@queue')]).toEqual(['an address with a password']);
});

test.each<[string[], string[]]>([
  [['--password=hunter2'], ['password']],
  [['--token', 'abc'], ['token']],
  [['-c', 'serve --client-secret "a b" --port 1'], ['client-secret']],
  [['--requirepass', 'hunter2'], ['requirepass']],
  [
    ['--smtp-pass', 'hunter2', '--pass=hunter2'],
    ['smtp-pass', 'pass'],
  ],
  [['--proxy-bypass', 'localhost', '--pass', '2'], []],
  [['--password=$(PASSWORD)', '--token', '${TOKEN}'], []],
  [['--token-ttl=15m', '--secret-name=api', '--private-key-file=key.pem'], []],
  [['--token=/run/token', '--password=', '--token', '--verbose'], []],
  [['--token'], []],
])('the flags %j', (args, names) => {
  expect([...secretFlags(args)].map(({ name }) => name)).toEqual(names);
});

test.each([
  'SMTP_PASS',
  'PASS',
  'PASS_DB',
  'smtpPass',
  'db-pass',
  'DATABASE_PASSWORD',
  'ENCRYPTION_KEY',
  'SENDGRID_KEY',
  'SESSION_KEY',
  'STRIPE_KEY',
  'sessionKey',
  'server.key',
  'BASIC_AUTH',
  'basicAuth',
])('%s is a secret’s name', name => {
  expect(isSecret(name, 'admin:hunter22')).toBe(true);
  for (const value of ['12', 'true', 'disabled', '/run/secrets/it', '$(OTHER)'])
    expect(isSecret(name, value)).toBe(false);
});

test.each([
  'BYPASS_HOSTS',
  'NO_PROXY_BYPASS',
  'COMPASS',
  'PASSENGER_APP_ENV',
  'PASS_THROUGH',
  'PASS_HEADERS',
  'CACHE_KEY_PREFIX',
  'PRIMARY_KEY_COLUMN',
  'PRIMARY_KEY',
  'CACHE_KEY',
  'ROUTING_KEY',
  'STRIPE_PUBLISHABLE_KEY',
  'JWKS_PUBLIC_KEY',
  'siteKey',
  'MONKEY',
  'TURKEY_KEYBOARD',
  'KEY',
  'BASIC_AUTH_USER',
  'BASIC_AUTHORITY',
])('%s is none', name => {
  expect(isSecret(name, 'x')).toBe(false);
});

test('an address is no secret by a short word alone', () => {
  expect(isSecret('PROXY_PASS', 'http://api:8000')).toBe(false);
  expect(isSecret('PROXY_PASSWORD', 'http://api:8000')).toBe(true);
});

/** Put together here, so that no scanner of repositories takes this file for a leak. */
const letters = (count: number) => 'Ab3'.repeat(count).slice(0, count);

test.each([
  ['an AWS access key', `AKIA${'ABCD2345'.repeat(2)}`],
  ['a GitHub token', `ghp_${letters(36)}`],
  ['a GitHub token', `github_pat_${letters(82)}`],
  ['a GitLab token', `glpat-${letters(20)}`],
  ['a Slack token', `xoxb-123456789012-${letters(24)}`],
  ['a Slack webhook', `https://hooks.slack.com/services/T${letters(10)}/B${letters(10)}/${letters(24)}`],
  ['a Stripe key', `sk_live_${letters(24)}`],
  ['a Stripe key', `rk_test_${letters(24)}`],
  ['a Stripe webhook secret', `whsec_${letters(32)}`],
  ['a Shopify token', `shpat_${'0a'.repeat(16)}`],
  ['a SendGrid key', `SG.${letters(22)}.${letters(43)}`],
  ['a signed token (JWT)', `eyJ${letters(20)}.eyJ${letters(40)}.${letters(43)}`],
])('%s is known by its look', (what, value) => {
  expect([...secretsIn(value)]).toEqual([what]);
  expect([...secretsIn(`{"a": "x", "b": "${value}"}`)]).toEqual([what]);
});

test.each([
  `pk_live_${letters(24)}`,
  `https://${'0a'.repeat(16)}@o1.ingest.sentry.io/2`,
  'task_live_progress',
  'AKIA',
  'sk_live_',
  'eyJhbGciOiJIUzI1NiJ9',
  'the prefix ghp_ marks a token',
  '-----BEGIN CERTIFICATE-----',
  `sha256:${'0a'.repeat(32)}`,
  '0b6e5b1c-8d0a-4c8e-9c36-2f2f0a2b7c11',
])('%j looks like none', text => {
  expect([...secretsIn(text)]).toEqual([]);
});
