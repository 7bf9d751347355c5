import { DATABASE_OWNER, type Database, type Databases, type Login, loginsOf, ownerOf } from './roles.ts';

/** Whoever of ours logs in is a member of this role, so that who is no longer declared can be found. It has no rights. */
const MEMBERS = 'drydock';

/** What a migration may do besides: the agent's task of that name gives this role its rights. */
const MIGRATIONS = 'drydock_migrations';

/**
 * What the leader's agent applies, as files of one directory: `roles.sql` in the database `postgres`, then `database.<name>.sql` in each
 * database, which the agent makes where it is missing, and `logins`, the names of those who get a password. Each text is one transaction
 * and may be applied again and again. Nothing is ever dropped: a database, a role or a table that is no longer declared stays, without
 * anybody who could log in.
 *
 * @param id the server's
 */
export function rolesSql(id: string, databases: Databases): Record<string, string> {
  const logins = loginsOf(id, databases);
  return {
    logins: lines(logins.map(({ name }) => name)),
    'roles.sql': lines([
      ...missing(MEMBERS),
      ...missing(MIGRATIONS),
      ...Object.entries(databases).flatMap(([database, { roles }]) =>
        [DATABASE_OWNER, ...Object.keys(roles).filter(role => roles[role]!.may !== 'migrate')].flatMap(role =>
          group(`${database}_${role}`),
        ),
      ),
      ...logins.flatMap(each => login(each, databases[each.database]!.roles[each.role]!.may === 'migrate')),
      ...takenAway(logins),
    ]),
    ...Object.fromEntries(
      Object.entries(databases).map(([name, database]) => [
        `database.${name}.sql`,
        lines([...inside(name, database), ...logins.flatMap(each => migrating(each, name, database))]),
      ]),
    ),
  };
}

/** Owns objects and holds rights; nobody logs in as it. */
function group(name: string): string[] {
  return [...missing(name), `ALTER ROLE "${name}" NOLOGIN ${NO_POWER};`];
}

function login({ name, group: of }: Login, migrates: boolean): string[] {
  return [
    ...missing(name),
    `ALTER ROLE "${name}" LOGIN ${NO_POWER};`,
    `GRANT "${MEMBERS}", "${of}" TO "${name}";`,
    ...(migrates ? [`GRANT "${MIGRATIONS}" TO "${name}";`] : []),
    // What it makes belongs to the group, and so to the next generation too.
    `ALTER ROLE "${name}" SET role TO '${of}';`,
  ];
}

const NO_POWER = 'INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';

function missing(name: string): string[] {
  return [
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}') THEN CREATE ROLE "${name}"; END IF; END $$;`,
  ];
}

/** Older generations, and roles that are gone. The agent ends their sessions once this is committed. */
function takenAway(logins: readonly Login[]): string[] {
  const good = logins.map(({ name }) => `'${name}'`).join(', ');
  return [
    'DO $$ DECLARE login name; BEGIN',
    `  FOR login IN SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member`,
    `    WHERE m.roleid = '${MEMBERS}'::regrole AND r.rolcanlogin AND r.rolname <> ALL (ARRAY[${good}])`,
    '  LOOP',
    "    EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', login);",
    '  END LOOP;',
    'END $$;',
  ];
}

/** In a database: who may come in, what is there, and what its owner will make. */
function inside(name: string, { roles, extensions = [] }: Database): string[] {
  const owner = `${name}_${ownerOf({ roles })}`;
  const others = Object.entries(roles).filter(([, { may }]) => may === 'write' || may === 'read');
  return [
    // Not the role's that owns what is in it: that one could drop it, and could not be kept out while a migration copies it.
    `ALTER DATABASE "${name}" OWNER TO "${name}_${DATABASE_OWNER}";`,
    `REVOKE ALL ON DATABASE "${name}" FROM PUBLIC;`,
    `GRANT CONNECT, TEMPORARY, CREATE ON DATABASE "${name}" TO "${owner}";`,
    'REVOKE ALL ON SCHEMA public FROM PUBLIC;',
    `GRANT USAGE, CREATE ON SCHEMA public TO "${owner}";`,
    ...extensions.map(extension => `CREATE EXTENSION IF NOT EXISTS "${extension}";`),
    ...others.flatMap(([role, { may }]) => shared(name, owner, `${name}_${role}`, may === 'write')),
  ];
}

/** Who migrates comes in as itself, so that all others can be kept out meanwhile, the owner of what is in it too. */
function migrating({ name: login, database, role }: Login, name: string, { roles }: Database): string[] {
  return database === name && roles[role]!.may === 'migrate'
    ? [`GRANT CONNECT ON DATABASE "${name}" TO "${login}";`]
    : [];
}

/** What a role may do that does not own. Rights are taken first, so that one who wrote and now reads does not write on. */
function shared(database: string, owner: string, role: string, writes: boolean): string[] {
  const tables = writes ? 'SELECT, INSERT, UPDATE, DELETE' : 'SELECT';
  const sequences = writes ? 'USAGE, SELECT' : 'SELECT';
  const later = `ALTER DEFAULT PRIVILEGES FOR ROLE "${owner}"`;
  return [
    `REVOKE ALL ON DATABASE "${database}" FROM "${role}";`,
    `GRANT CONNECT${writes ? ', TEMPORARY' : ''} ON DATABASE "${database}" TO "${role}";`,
    // What it made when it owned.
    `REASSIGN OWNED BY "${role}" TO "${owner}";`,
    ...Object.entries({ TABLES: tables, SEQUENCES: sequences, SCHEMAS: 'USAGE' }).flatMap(([kind, rights]) => [
      `${later} REVOKE ALL ON ${kind} FROM "${role}";`,
      `${later} GRANT ${rights} ON ${kind} TO "${role}";`,
    ]),
    'DO $$ DECLARE schema name; BEGIN',
    `  FOR schema IN SELECT nspname FROM pg_namespace WHERE nspname = 'public' OR nspowner = '"${owner}"'::regrole LOOP`,
    ...[
      `REVOKE ALL ON SCHEMA %1$I FROM "${role}"`,
      `GRANT USAGE ON SCHEMA %1$I TO "${role}"`,
      `REVOKE ALL ON ALL TABLES IN SCHEMA %1$I FROM "${role}"`,
      `GRANT ${tables} ON ALL TABLES IN SCHEMA %1$I TO "${role}"`,
      `REVOKE ALL ON ALL SEQUENCES IN SCHEMA %1$I FROM "${role}"`,
      `GRANT ${sequences} ON ALL SEQUENCES IN SCHEMA %1$I TO "${role}"`,
    ].map(statement => `    EXECUTE format('${statement}', schema);`),
    '  END LOOP;',
    'END $$;',
  ];
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
