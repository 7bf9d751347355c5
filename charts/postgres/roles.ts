import { closed } from '../closed.ts';
import { EXTENSIONS } from './extensions.ts';

/** Databases of a server, by name: small letters, digits and `_`. */
export type Databases = Readonly<Record<string, Database>>;

export interface Database {
  /** Who may log in, by name: small letters and digits. One of them owns. */
  readonly roles: Readonly<Record<string, Role>>;
  /** What PostgreSQL's own contrib modules add. @default none */
  readonly extensions?: readonly string[];
}

export interface Role {
  readonly may: May;
  /** The password's generation, whose value stands in the store under `loginsOf(…).secret`; a new password is the next number. @default 1 */
  readonly password?: number;
}

/** What a role may do in its database, and in no other. */
export type May =
  /**
   * Makes, changes and drops what stands in it; the database itself it can neither drop nor rename. One role of each database, since what
   * one makes another could not change.
   */
  | 'own'
  /** Reads and changes rows, those of later tables too. */
  | 'write'
  /** Reads rows, those of later tables too. */
  | 'read'
  /** Acts as the owner, and may ask the server for what a `Migration` needs: a backup, a copy, and to keep everybody else out. */
  | 'migrate';

/** Somebody who logs in: a role with one generation of its password. */
export interface Login {
  /** `<database>_<role>_<generation>`. */
  readonly name: string;
  /** `<database>_<role>`, of whoever migrates the owner's: what it acts as, so that owners and rights stay when the password changes. */
  readonly group: string;
  readonly database: string;
  readonly role: string;
  readonly generation: number;
  /** Below the system in the store. */
  readonly secret: string;
}

/** Where servers, poolers and agents find a file of each login's password: a directory that the kubelet keeps new. */
export const LOGINS = '/etc/drydock/logins';

/** PostgreSQL's limit of a name (NAMEDATALEN), less `_` and a generation of four digits. */
const LONGEST_GROUP = 58;

/** Databases that are there, or that PgBouncer takes for its own console. */
const TAKEN = ['postgres', 'template0', 'template1', 'pgbouncer', 'replication', 'all', 'pg'];

/** The end of the name of whom a database belongs to: nobody logs in as it, and nobody is a member. */
export const DATABASE_OWNER = 'owner';

const ROLE_OPTIONS: Readonly<Record<keyof Role, true>> = { may: true, password: true };
const DATABASE_OPTIONS: Readonly<Record<keyof Database, true>> = { roles: true, extensions: true };

/**
 * The databases as declared, or the one that stands there where none is: named after the system, with the role `app`, which owns it.
 *
 * @throws where a name, a right or a generation cannot be, or not exactly one role owns
 */
export function databasesOf(path: string, system: string, given: Databases | undefined): Databases {
  const databases = given ?? { [system.toLowerCase().replace(/[^a-z0-9]/g, '_')]: { roles: { app: { may: 'own' } } } };
  const fail = (what: string, remedy: string): never => {
    throw new Error(`${path}: ${what}; ${remedy}`);
  };
  if (Object.keys(databases).length === 0) fail('databases has none', 'name one, or leave it out');
  for (const [name, database] of Object.entries(databases)) {
    const at = `databases.${name}`;
    if (!/^[a-z][a-z0-9_]*$/.test(name)) fail(`"${name}" cannot name a database`, 'use small letters, digits and _');
    if (TAKEN.includes(name) || /^pg_|_replica$/.test(name))
      fail(
        `${at} has a name that means something else to PostgreSQL or its pooler`,
        `call it ${name.replace(/^pg_|_replica$/g, '')}_data`,
      );
    closed(path, database, DATABASE_OPTIONS, `${at}.`);
    for (const [role, its] of Object.entries(database.roles ?? {})) checkRole(path, `${at}.roles`, name, role, its);
    const owners = Object.entries(database.roles ?? {}).filter(([, { may }]) => may === 'own');
    if (owners.length !== 1)
      fail(
        `${at} has ${owners.length === 0 ? 'no role that owns' : `${owners.length} roles that own: ${owners.map(([role]) => role).join(', ')}`}`,
        "let one role have may: 'own'; what one owner makes another could not change",
      );
    for (const extension of database.extensions ?? []) {
      if (!EXTENSIONS.includes(extension))
        fail(
          `${at}.extensions has "${extension}", which the image does not have`,
          `choose among ${EXTENSIONS.join(', ')}, or add it to charts/postgres/image/Dockerfile and charts/postgres/extensions.ts`,
        );
    }
  }
  return databases;
}

function checkRole(path: string, at: string, database: string, name: string, role: Role): void {
  const fail = (what: string, remedy: string) => {
    throw new Error(`${path}: ${what}; ${remedy}`);
  };
  // Without `_`, so that a login's name can be taken apart, and no two mean one.
  if (!/^[a-z][a-z0-9]*$/.test(name)) fail(`${at} has "${name}"`, 'name a role with small letters and digits');
  const group = `${database}_${name}`;
  if (group === `${database}_${DATABASE_OWNER}`)
    fail(`${at} has "${name}", which is whom the database itself belongs to`, 'call it app');
  if (group.length > LONGEST_GROUP)
    fail(`${group} has ${group.length} characters of ${LONGEST_GROUP}`, 'shorten the name of the database or the role');
  closed(path, role, ROLE_OPTIONS, `${at}.${name}.`);
  if (!['own', 'write', 'read', 'migrate'].includes(role.may))
    fail(`${at}.${name}.may is ${JSON.stringify(role.may)}`, 'write own, write, read or migrate');
  const { password = 1 } = role;
  if (!Number.isInteger(password) || password < 1 || password > 9999)
    fail(
      `${at}.${name}.password is ${JSON.stringify(password)}`,
      'give the generation, a whole number from 1; the value stands in the store',
    );
}

/** The role that owns a database. */
export function ownerOf({ roles }: Database): string {
  return Object.keys(roles).find(role => roles[role]!.may === 'own')!;
}

/** The login that clients get. */
export function loginOf(id: string, databases: Databases, database: string, role: string): Login {
  return loginsOf(id, databases).findLast(login => login.database === database && login.role === role)!;
}

/**
 * Every login that is good: of each role the generation before, so that a client that still has the old password gets in until it has the
 * new one, and the current one.
 *
 * @param id the server's, below which its secrets stand
 */
export function loginsOf(id: string, databases: Databases): Login[] {
  return Object.entries(databases).flatMap(([database, its]) =>
    Object.entries(its.roles).flatMap(([role, { may, password = 1 }]) =>
      [password - 1, password]
        .filter(generation => generation >= 1)
        .map(generation => ({
          name: `${database}_${role}_${generation}`,
          group: `${database}_${may === 'migrate' ? ownerOf(its) : role}`,
          database,
          role,
          generation,
          secret: `${id}/${database}/${role}/${generation}`,
        })),
    ),
  );
}
