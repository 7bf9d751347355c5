import { secret } from '../secret.ts';
import type { Workload } from '../workload.ts';
import type { Login, RedisOptions } from './options.ts';

/** Where the servers find their passwords, one file a key; the kubelet changes them under the running pod. */
export const PASSWORDS = '/etc/drydock/passwords';

/** The login that is there unless an author names others. */
export const LOGIN = 'app';

/** The accounts of the servers' own. */
export type Own = 'replica' | 'sentinel' | 'backup' | 'exporter' | 'proxy';

/** Somebody who may log in: to the servers, to the Sentinels, or to both. */
export interface Account {
  readonly name: string;
  /** Keys in the Secret; `agent` has none, its password is made anew in each pod. */
  readonly passwords: readonly string[];
  /** What it may do at a server, as redis.io/docs/latest/operate/oss_and_stack/management/security/acl says it. */
  readonly server?: string;
  readonly sentinel?: string;
}

/** What the servers ask each other for, and what asks them. Each may do what it was measured to need. */
const OWN: Readonly<Record<Own, Pick<Account, 'server' | 'sentinel'>>> = {
  replica: { server: '+psync +replconf +ping' },
  sentinel: {
    server:
      'allchannels +multi +slaveof +ping +exec +subscribe +config|rewrite +role +publish +info +client|setname +client|kill +script|kill',
    sentinel:
      'allchannels +ping +publish +client|setname +sentinel|is-master-down-by-addr +sentinel|get-master-addr-by-name +sentinel|failover',
  },
  backup: { server: '+ping +info +sync +psync +replconf' },
  // CONFIG would show it passwords, SLOWLOG GET what people write.
  exporter: {
    server: '+ping +info +client|setname +slowlog|len +latency|latest +latency|histogram',
    sentinel: '+ping +info +client|setname +sentinel|masters +sentinel|ckquorum +sentinel|sentinels +sentinel|slaves',
  },
  proxy: { server: '+ping +role', sentinel: '+ping +sentinel|get-master-addr-by-name' },
};

/** The scripts in the pod itself (probes, certificates, logins), and people who look into it with `kubectl exec`. */
const AGENT = {
  server:
    '+ping +info +role +config|set +client|pause +acl|setuser +acl|deluser +config|get +client|list +memory|stats +slowlog|get +dbsize +wait',
  sentinel: `+ping +acl|setuser +acl|deluser ${['get-master-addr-by-name', 'ckquorum', 'masters', 'replicas', 'sentinels', 'failover', 'reset'].map(each => `+sentinel|${each}`).join(' ')}`,
};

/** Libraries ask INFO and ROLE when they connect; both are among what is dangerous since they tell of other clients. */
const MAY: Readonly<Record<NonNullable<Login['may']>, string>> = {
  write: '~* &* +@all -@admin -@dangerous +info +role',
  read: '~* &* +@read +@connection +@pubsub +@transaction +command -@admin -@dangerous +info +role',
};

/** What a client that follows Sentinel asks, and not what changes whom it watches. */
const FOLLOWS = `allchannels +@connection +@pubsub -@admin -@dangerous -publish +info +role ${[
  'get-master-addr-by-name',
  'master',
  'masters',
  'replicas',
  'slaves',
  'sentinels',
]
  .map(each => `+sentinel|${each}`)
  .join(' ')}`;

/** The path of a password below the system. */
export function passwordPath(id: string, name: string, generation: number): string {
  return `${id}/${name}/${generation}`;
}

/** The generation that the servers' own programs use: one that pods before the last change take too. */
export function used(password = 1): number {
  return Math.max(1, password - 1);
}

/** What a client logs in with. */
export function loginOf(name: string, { password = 1 }: Login): { readonly user: string; readonly generation: number } {
  return { user: `${name}_${password}`, generation: password };
}

/**
 * All who may log in.
 * @param own those of the servers' own that there are
 * @param agent what the scripts in the pod may do besides
 * @throws where a login cannot be
 */
export function accountsOf(
  path: string,
  { logins = { [LOGIN]: {} }, password = 1 }: Pick<RedisOptions, 'logins' | 'password'>,
  own: readonly Own[],
  agent = '',
): Account[] {
  checkLogins(path, logins, password);
  const keys = (name: string, newest: number, valid: number) =>
    Array.from({ length: valid }, (_, back) => newest - back)
      .filter(generation => generation >= 1)
      .map(generation => `${name}-${generation}`);
  return [
    { name: 'agent', passwords: [], server: `${AGENT.server}${agent && ` ${agent}`}`, sentinel: AGENT.sentinel },
    ...own.map(name => ({ name, passwords: keys(name, password, 3), ...OWN[name] })),
    ...Object.entries(logins).flatMap(([name, { may = 'write', password: newest = 1 }]) =>
      keys(name, newest, 2).map(key => ({
        name: key.replace(/-(\d+)$/, '_$1'),
        passwords: [key],
        server: MAY[may],
        sentinel: FOLLOWS,
      })),
    ),
  ];
}

/** An ACL file, but for the passwords: `@key@` stands for the hash of one, which a script puts there. */
export function usersFile(accounts: readonly Account[], of: 'server' | 'sentinel'): string {
  const lines = accounts.flatMap(({ name, passwords, ...may }) => {
    const hashes = (passwords.length > 0 ? passwords : [name]).map(key => `@${key}@`).join(' ');
    return may[of] === undefined ? [] : [`user ${name} on ${hashes} resetchannels -@all ${may[of]}`];
  });
  // The user of whoever says nothing.
  return `${['user default off', ...lines].join('\n')}\n`;
}

/** Brings the passwords into a workload's Secret and mounts them, live. */
export function mountPasswords(workload: Workload, accounts: readonly Account[]): void {
  for (const { passwords } of accounts) {
    for (const key of passwords) {
      const [, name, generation] = /^(.*)-(\d+)$/.exec(key)!;
      secret(passwordPath(workload.name, name!, Number(generation))).request(workload, key);
    }
  }
  workload.attach({
    volume: { name: 'passwords', secret: { defaultMode: 0o440, secretName: workload.name } },
    mount: { mountPath: PASSWORDS, readOnly: true },
  });
}

function checkLogins(path: string, logins: Readonly<Record<string, Login>>, password: number): void {
  const fail = (given: string, remedy: string) => {
    throw new Error(`${path}: ${given}; ${remedy}`);
  };
  const whole = (what: string, value: number) => {
    if (!Number.isInteger(value) || value < 1)
      fail(`${what} is ${value}`, 'give the generation, a whole number from 1');
  };
  whole('password', password);
  if (Object.keys(logins).length === 0) fail('logins is empty', 'name one, or leave it out for the login app');
  for (const [name, login] of Object.entries(logins)) {
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) fail(`the login "${name}"`, 'use lower-case letters, digits and -');
    if (Object.hasOwn(OWN, name) || name === 'agent' || name === 'default')
      fail(`the login ${name} is one of the servers' own`, 'give it another name');
    for (const option of Object.keys(login)) {
      if (option !== 'may' && option !== 'password')
        fail(`logins.${name}.${option} is no option`, 'there are may, password');
    }
    const { may = 'write', password: generation = 1 } = login;
    if (!Object.hasOwn(MAY, may)) fail(`logins.${name}.may is "${may}"`, 'write write or read');
    whole(`logins.${name}.password`, generation);
  }
}
