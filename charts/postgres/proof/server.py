"""The restored database as a server of its own: on a socket, without a network, and never archiving."""

import os
import re
import subprocess
import time

from steps import Red

# Postgres' own settings stand in the restored directory, made for another machine. Here the server has what the proof needs; with
# hot_standby off PostgreSQL asks for none of the numbers of the primary (max_connections and its like).
SETTINGS = """
data_directory = '{data}'
hba_file = '{home}/pg_hba.conf'
ident_file = '{home}/pg_ident.conf'
listen_addresses = ''
unix_socket_directories = '{home}'
archive_mode = off
hot_standby = off
ssl = off
fsync = on
autovacuum = off
shared_buffers = '{buffers}'
max_wal_size = '1GB'
log_destination = 'stderr'
logging_collector = off
"""


class Server:
    def __init__(self, binaries, data, home, buffers, env):
        # With the archive's keys: the server fetches WAL by the command that pgBackRest wrote down.
        self.env = {**env, 'PGHOST': home, 'PGUSER': 'postgres'}
        self.binaries = binaries
        self.data = data
        self.home = home
        self.buffers = buffers
        self.log = os.path.join(home, 'server.log')

    def start(self, within):
        """Until it has replayed the whole archive and takes writes."""
        os.makedirs(self.home, mode=0o700, exist_ok=True)
        self._write('postgresql.conf', SETTINGS.format(data=self.data, home=self.home, buffers=self.buffers))
        # The socket's directory is the proof's alone.
        self._write('pg_hba.conf', 'local all all trust\n')
        self._write('pg_ident.conf', '')
        with open(self.log, 'w', encoding='utf-8') as log:
            self.process = subprocess.Popen(
                [self.program('postgres'), '-c', f'config_file={self.home}/postgresql.conf'], env=self.env, stdout=log, stderr=log
            )
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Red(f'the restored server ended with {self.process.returncode}: {self.last_words()}')
            try:
                if self.ask('select pg_is_in_recovery()') == 'f':
                    return
            except Red:
                pass  # it takes no connections before it has replayed everything
            time.sleep(0.5)
        raise Red(f'the restored server was not through the archive after {within} s: {self.last_words()}')

    def ask(self, sql, database='postgres'):
        done = subprocess.run(
            [self.program('psql'), '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', sql],
            env=self.env, text=True, capture_output=True, check=False,
        )
        if done.returncode != 0:
            raise Red(f'{database}: {done.stderr.strip()}')
        return done.stdout.strip()

    def rows(self, sql, database='postgres'):
        """Columns apart by a unit separator, which no name holds."""
        text = self.ask(f"copy ({sql}) to stdout with (delimiter E'\\x1f')", database)
        # COPY doubles each backslash.
        return [line.replace('\\\\', '\\').split('\x1f') for line in text.split('\n')] if text else []

    def databases(self):
        return [name for (name,) in self.rows('select datname from pg_database where datallowconn and not datistemplate')]

    def run(self, program, *options, output=subprocess.PIPE):
        """One of PostgreSQL's own programs against this server."""
        done = subprocess.run(
            [self.program(program), *options], env=self.env, text=True, stdout=output, stderr=subprocess.PIPE, check=False
        )
        if done.returncode != 0:
            raise Red(f'{program} ended with {done.returncode}: {((done.stdout or "") + done.stderr).strip()[-1500:]}')

    def stop(self):
        """A clean one: pg_checksums and an offline backup take no other."""
        process = getattr(self, 'process', None)
        if process is None or process.poll() is not None:
            return
        self.run('pg_ctl', 'stop', '-D', self.data, '-m', 'fast', '-w', '-t', '600')
        process.wait()

    def replayed(self):
        """The last position that came from the archive, as a number."""
        return number_of(self.ask('select pg_last_wal_replay_lsn()'))

    def program(self, name):
        return os.path.join(self.binaries, name)

    def last_words(self):
        with open(self.log, encoding='utf-8', errors='replace') as log:
            lines = log.read().split('\n')
        # Not that it answered nobody while it replayed.
        told = [line for line in lines if re.search(r'FATAL|ERROR|PANIC|WARNING', line) and 'is starting up' not in line]
        return '\n'.join((told or lines)[-8:])

    def _write(self, file, text):
        with open(os.path.join(self.home, file), 'w', encoding='utf-8') as out:
            out.write(text)


def number_of(lsn):
    """`16/B374D848` as a number."""
    high, low = lsn.split('/')
    return (int(high, 16) << 32) + int(low, 16)
