import { expect, test } from 'vitest';
import { secret } from '../../charts/index.ts';
import { service, system } from './fixture.ts';

test.each([
  [{ '/etc/a_b': 'x', '/etc/a/b': 'y' }, 'the files "/etc/a/b" and "/etc/a_b" would share the key etc_a_b; rename one'],
  [{ '/etc/a_b': 'x', '/etc/a/b': secret('a/b') }, 'would share the key etc_a_b'],
  [{ '/etc/with space': 'x' }, 'the file "/etc/with space" cannot be a key'],
  [{ 'app.toml': 'x' }, 'the file "app.toml" is no absolute path; write "/etc/app.toml"'],
])('refuses %j', (files, reason) => {
  expect(() => service(system(), 'web', { files })).toThrow(reason);
});
