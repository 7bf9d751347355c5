// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what it looks for
import { expect, test } from 'vitest';
import { secretFlags, secretsIn } from '../../../tools/prove/rules/secret-text.ts';

test.each([
  ['requirepass hunter2', 'requirepass'],
  ['a: 1\n  password: x\n', 'password'],
  ['{"user":"a","db_password":"hunter 2"}', 'db_password'],
  ['spring.datasource.password=hunter2', 'spring.datasource.password'],
  ['host=db password=hunter2! port=1', 'password'],
  ["- api_key: 'abc='", 'api_key'],
  ['oauth:\n  clientSecret: abc', 'clientSecret'],
  ['sentinel auth-pass main hunter2', 'sentinel auth-pass main'],
])('%j holds a secret', (text, name) => {
  expect([...secretsIn(text)]).toEqual([`a literal ${name}`]);
});

test.each([
  'password: ${PASSWORD}',
  'password: $(PASSWORD)',
  'password=$PASSWORD',
  'clientSecret: "$dex.github.clientSecret"',
  'password: {{ .Values.password }}',
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
  [['--password=$(PASSWORD)', '--token', '${TOKEN}'], []],
  [['--token-ttl=15m', '--secret-name=api', '--private-key-file=key.pem'], []],
  [['--token=/run/token', '--password=', '--token', '--verbose'], []],
  [['--token'], []],
])('the flags %j', (args, names) => {
  expect([...secretFlags(args)].map(({ name }) => name)).toEqual(names);
});
