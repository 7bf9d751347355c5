"""What a migration asks of its database, through one table: the superuser's part is done here, and the job that asks has no
rights but to ask.

`begin`  a restore point and a backup.
`shut`   where writes stop, once the job has paused the poolers: everybody but the migration's login is kept out, and the database
         is copied, so that there is something to go back to.
`end`    the database is held to what must be true after a migration; everybody may come in again, the copy goes.
`undo`   where writes were stopped the copy takes the database's place, and nothing is lost, since nobody wrote; the other stays
         beside it under another name. Where they went on a restore would lose what was written since: a person decides.

A state is written down before what follows from it, so that whoever comes next after a crash, here or in another pod, goes on.
"""

import json
import subprocess
import threading
import time

TABLE = """
create schema if not exists ops;
do $$ begin create role drydock_migrations nologin; exception when duplicate_object then null; end $$;
create table if not exists ops.migration (
  id bigint generated always as identity primary key,
  database text not null,
  image text not null,
  backup boolean not null,
  stop_writes boolean not null,
  copy_up_to bigint not null,
  wish text not null default 'begin' check (wish in ('begin', 'shut', 'end', 'undo')),
  -- asked, backed up, migrating, migrated, done; or undone, failed, refused
  state text not null default 'asked',
  said text,
  grants jsonb,
  copied boolean not null default false,
  restore_point text,
  asked_at timestamptz not null default now(),
  ended_at timestamptz
);
-- One at a time: a second would take the first one's copy for its own.
create unique index if not exists migration_open on ops.migration (database) where ended_at is null;
grant usage on schema ops to drydock_migrations;
grant select, insert (database, image, backup, stop_writes, copy_up_to), update (wish) on ops.migration to drydock_migrations;
"""

at_work = None


def run(pod):
    """One migration at a time, beside the loop: a backup may take an hour."""
    global at_work
    if not pod.is_leader():
        pod.hurries = False
        return
    if pod.changed('migrations', TABLE):
        pod.sql(TABLE)
    if at_work is not None and at_work.is_alive():
        return
    pod.hurries = False
    columns = 'id, database, image, backup, stop_writes, copy_up_to, wish, state, grants, copied, restore_point, asked_at'
    for row in pod.sql(f'select {columns} from ops.migration where ended_at is null order by id'):
        # Clients may be waiting.
        pod.hurries = True
        migration = Migration(pod, dict(zip(columns.split(', '), row)))
        step = migration.step()
        if step is not None:
            at_work = threading.Thread(target=migration.take, args=(step,), daemon=True)
            at_work.start()
            return


class Migration:
    def __init__(self, pod, row):
        self.pod = pod
        self.__dict__.update(row)
        self.copy = self.database + '_before'

    def step(self):
        """What is to be done for the wish in this state, if anything."""
        if self.wish == 'undo':
            return self.go_on if self.state == 'migrated' else self.undo
        if self.state == 'asked':
            return self.begin
        if self.state == 'backed up' and self.wish == 'shut':
            return self.shut
        if self.wish == 'end':
            return self.end
        return None

    def take(self, step):
        try:
            step()
        except Exception as error:
            # Tried again in the next round, but for the beginning: nobody should wait for a backup that cannot be made.
            said = f'{type(error).__name__}: {error}'.strip()[-2000:]
            self.pod.log('error', 'migrations', f'{self.database} {step.__name__}: {said}')
            if step in (self.begin, self.shut):
                self.open_again()
                self.now(state='refused', said=said, ended_at='now')
            else:
                self.now(said=said)

    def now(self, **values):
        names = ', '.join(f'{name} = %s' for name in values)
        self.pod.sql(f'update ops.migration set {names} where id = %s', *values.values(), self.id)

    def sql(self, text, *values):
        return self.pod.sql(text, *values)

    def begin(self):
        name = 'pre-' + self.image.rsplit('/', 1)[-1].replace('@', '.').replace(':', '.')
        # A restore point's name has 63 characters at most.
        self.now(restore_point=name[:63])
        self.sql('select pg_create_restore_point(%s)', name[:63])
        self.sql('select pg_switch_wal()')
        if self.backup:
            self.back_up(name[:63])
        self.now(state='backed up' if self.stop_writes else 'migrating')

    def shut(self):
        self.keep_out()
        self.make_copy()
        self.now(state='migrating')

    def back_up(self, label):
        if self.pod.stanza is None:
            raise RuntimeError('this database has no archive to back up into')
        line = ['pgbackrest', f'--stanza={self.pod.stanza}', '--repo=1', '--type=incr', f'--annotation=pre-migration={label}', 'backup']
        while True:
            done = subprocess.run(line, capture_output=True, text=True)
            # 50: the nightly one is still at work. Whoever asked may have given up meanwhile.
            ((wish,),) = self.sql('select wish from ops.migration where id = %s', self.id)
            if done.returncode != 50 or wish != 'begin':
                break
            self.now(said='waiting for another backup to end')
            time.sleep(15)
        if done.returncode != 0:
            raise RuntimeError(f'pgbackrest backup ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-1500:]}')

    def keep_out(self):
        """Nobody but the migration's login comes in, neither through a pooler nor past it; who could is written down first."""
        rights = self.sql(
            "select case grantee when 0 then 'public' else grantee::regrole::text end, privilege_type from pg_database,"
            " aclexplode(coalesce(datacl, acldefault('d', datdba))) where datname = %s and grantee <> datdba",
            self.database,
        )
        self.now(grants=json.dumps(rights))
        for grantee in sorted({grantee for grantee, _ in rights}):
            if not self.migrates(grantee):
                self.sql(f'revoke connect on database {quoted(self.database)} from {grantee}')

    def migrates(self, role):
        return bool(
            role != 'public'
            and self.sql("select 1 where pg_has_role(%s::regrole, 'drydock_migrations', 'member')", role)
        )

    def make_copy(self):
        ((size,),) = self.sql('select pg_database_size(%s)', self.database)
        if size > self.copy_up_to:
            raise RuntimeError(f'{size} bytes are more than the {self.copy_up_to} that may be copied')
        if self.exists(self.copy):
            # That of a migration which went well, and whose end was cut short.
            self.alone(self.copy, f'drop database {quoted(self.copy)}')
        ((owner,),) = self.sql('select datdba::regrole::text from pg_database where datname = %s', self.database)
        self.alone(
            self.database,
            f'create database {quoted(self.copy)} template {quoted(self.database)} owner {owner} strategy file_copy',
        )
        self.now(copied=True)

    def end(self):
        if self.state == 'migrating':
            # An index that a broken CREATE INDEX CONCURRENTLY left costs every write and serves no read.
            invalid = self.pod.sql(
                'select indexrelid::regclass::text from pg_index where not indisvalid', database=self.database
            )
            if invalid:
                self.now(wish='undo', said='invalid indexes: ' + ', '.join(index for (index,) in invalid))
                return
            self.now(state='migrated')
        self.go_on()

    def go_on(self):
        """From here there is no way back: somebody may write at once."""
        self.open_again()
        if self.copied and self.exists(self.copy):
            self.alone(self.copy, f'drop database {quoted(self.copy)}')
        self.now(state='done', ended_at='now')

    def undo(self):
        if not self.copied:
            self.open_again()
            why = 'nothing was changed' if self.state in ('asked', 'backed up') else 'writes went on meanwhile: a person decides, from a clone'
            self.now(state='failed', said=why, ended_at='now')
            return
        if self.exists(self.copy):
            if self.exists(self.database):
                aside = f'{self.database}_failed_{self.asked_at:%Y%m%d%H%M%S}'
                self.alone(self.database, f'alter database {quoted(self.database)} rename to {quoted(aside)}')
                self.now(said=f'what the migration made is now {aside}')
            self.alone(self.copy, f'alter database {quoted(self.copy)} rename to {quoted(self.database)}')
        self.open_again()
        self.now(state='undone', ended_at='now')

    def open_again(self):
        """A copy lets in everybody at first, since a database's own grants are not copied with it."""
        ((grants,),) = self.sql('select grants from ops.migration where id = %s', self.id)
        if grants is None:
            return
        self.sql(f'revoke all on database {quoted(self.database)} from public')
        for grantee, privilege in grants:
            self.sql(f'grant {privilege} on database {quoted(self.database)} to {grantee}')

    def exists(self, database):
        return bool(self.sql('select 1 from pg_database where datname = %s', database))

    def alone(self, database, statement):
        """Runs what needs a database that nobody is on; whoever comes back meanwhile is sent away again."""
        for attempt in range(20):
            self.sql(
                'select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()',
                database,
            )
            try:
                # Copying a database may take longer than any question.
                self.pod.sql(statement, timeout='30min')
                return
            except Exception as error:
                if attempt == 19 or 'being accessed by other users' not in str(error):
                    raise


def quoted(name):
    return '"' + name.replace('"', '""') + '"'
