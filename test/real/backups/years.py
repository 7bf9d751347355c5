"""Years of backups in a minute: PostgreSQL and pgBackRest under a clock that is set ahead (libfaketime), a step at a time.

`years.py <hot.conf> <copies.conf of a week> <copies.conf of a month>` prints, for each, how many sets there are after each step, and
what else is to be seen. Hot backups are taken from a running server, with WAL; copies from files, without, as the proof makes them.
"""

import concurrent.futures
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

UTC = datetime.timezone.utc
SERVER = '/pgdata/pg16'
AT_REST = '/pgdata/at-rest'
BEGIN = datetime.datetime(2027, 1, 1, 2, tzinfo=UTC)
PRELOAD = next(pathlib.Path('/usr/lib').glob('*/faketime/libfaketime.so.1'))


class Calendar:
    """One repository and its clock. @param rate: how fast it goes; pgBackRest begins each backup with a second of its own."""

    def __init__(self, config, rate=1):
        self.config = config
        self.rate = rate
        self.ahead = pathlib.Path(f'/tmp/{pathlib.Path(config).stem}.ahead')
        self.env = {
            **os.environ,
            'LD_PRELOAD': str(PRELOAD),
            'FAKETIME_TIMESTAMP_FILE': str(self.ahead),
            'FAKETIME_NO_CACHE': '1',
            'FAKETIME_DONT_FAKE_MONOTONIC': '1',
            'DONT_FAKE_MONOTONIC': '1',
        }
        self.counts = []
        self.set(BEGIN)

    def set(self, moment):
        """Ten seconds later each time, so that what is kept for a time is a little older than that when its time has come."""
        moment += datetime.timedelta(seconds=10 * len(self.counts))
        self.ahead.write_text(f'+{moment.timestamp() - time.time():.0f}s x{self.rate}\n')

    def run(self, *line):
        done = subprocess.run(line, env=self.env, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f'{line}: {done.returncode}\n{done.stdout}\n{done.stderr}')
        return done.stdout

    def pgbackrest(self, *line):
        return self.run('pgbackrest', f'--config={self.config}', '--stanza=shop-database', '--log-level-console=warn', *line)

    def info(self):
        return json.loads(self.pgbackrest('--output=json', 'info'))[0]

    def back_up(self, moment, *line):
        self.set(moment)
        self.pgbackrest(*line, '--type=full', 'backup')
        self.counts.append(len(self.info()['backup']))


def sql(calendar, text):
    calendar.run('psql', '-h', '/run/postgresql', '-U', 'postgres', '-qc', text)


def hot(config, days):
    """A full backup each day, of a server that goes on."""
    calendar = Calendar(config)
    archive = f'pgbackrest --config={config} --stanza=shop-database archive-push %p'
    pathlib.Path(SERVER, 'postgresql.auto.conf').write_text(
        f"archive_mode = on\narchive_command = '{archive}'\nfsync = off\nlisten_addresses = ''\nunix_socket_directories = '/run/postgresql'\n"
    )
    calendar.run('pg_ctl', '-D', SERVER, '-w', '-l', '/tmp/postgres.log', 'start')
    # Less to read each time.
    for database in ('template0', 'template1'):
        sql(calendar, f"update pg_database set datistemplate = false where datname = '{database}'")
        sql(calendar, f'drop database {database}')
    calendar.pgbackrest('stanza-create')
    for day in range(days):
        calendar.back_up(BEGIN + datetime.timedelta(days=day))
    stanza = calendar.info()
    calendar.run('pg_ctl', '-D', SERVER, '-w', '-m', 'fast', 'stop')
    return {'counts': calendar.counts, 'oldestNeeds': stanza['backup'][0]['archive']['start'], 'oldestWal': stanza['archive'][-1]['min']}


def copies(config, moments):
    """A full copy at each moment, of files at rest."""
    calendar = Calendar(config, rate=10)
    offline = (f'--pg1-path={AT_REST}', '--no-online')
    calendar.pgbackrest(*offline, 'stanza-create')
    for moment in moments:
        calendar.back_up(moment, *offline)
    return {'counts': calendar.counts, 'oldest': calendar.info()['backup'][0]['label']}


def main():
    hot_config, weekly_config, monthly_config = sys.argv[1:]
    subprocess.run(['initdb', '-D', SERVER, '-U', 'postgres', '--no-sync'], check=True, stdout=subprocess.DEVNULL)
    # Nobody will start these.
    shutil.copytree(SERVER, AT_REST, ignore=lambda folder, names: names if folder.endswith('/base') else [])
    weeks = [BEGIN + datetime.timedelta(weeks=week) for week in range(17)]
    months = [datetime.datetime(2027 + month // 12, month % 12 + 1, 1, 5, tzinfo=UTC) for month in range(88)]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        found = {
            'hot': pool.submit(hot, hot_config, 33),
            'weekly': pool.submit(copies, weekly_config, weeks),
            'monthly': pool.submit(copies, monthly_config, months),
        }
        print(json.dumps({name: each.result() for name, each in found.items()}))


main()
