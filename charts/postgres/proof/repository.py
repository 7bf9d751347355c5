"""pgBackRest as the proof uses it: an archive that is only read, and a repository that takes the copy."""

import json
import os
import re
import subprocess
import time

from steps import Red


class Repository:
    """
    One configuration file, whose secrets come as variables that begin with `prefix`: pgBackRest knows them as PGBACKREST_REPO1_…,
    and two repositories cannot share those names.
    """

    def __init__(self, config, stanza, prefix):
        self.config = config
        self.stanza = stanza
        secrets = {name[len(prefix):]: value for name, value in os.environ.items() if name.startswith(prefix)}
        self.env = {**os.environ, **{f'PGBACKREST_{name}': value for name, value in secrets.items()}}

    def run(self, command, *options):
        """Standard output and what it logged. Throws on any exit but 0."""
        line = ['pgbackrest', f'--config={self.config}', f'--stanza={self.stanza}', *options, command]
        done = subprocess.run(line, env=self.env, text=True, capture_output=True, check=False)
        if done.returncode != 0:
            raise Red(f'pgbackrest {command} ended with {done.returncode}: {tail(done.stderr or done.stdout)}')
        return done.stdout

    def info(self):
        """The stanza as `info` tells it. `info` exits 0 even where it reaches nothing, so its status is asked."""
        found = [each for each in json.loads(self.run('info', '--output=json')) if each['name'] == self.stanza]
        if not found:
            raise Red(f'the repository knows no stanza {self.stanza}')
        stanza = found[0]
        if stanza['status']['code'] != 0:
            raise Red(f'stanza {self.stanza}: {stanza["status"]["message"]}')
        return stanza


def newest_backup(repository, oldest_seconds):
    """The newest set, and the newest full one, which must not be older than its schedule allows."""
    stanza = repository.info()
    sets = [each for each in stanza['backup'] if not each['error']]
    full = [each for each in sets if each['type'] == 'full']
    if not full:
        raise Red('no full backup without errors')
    age = time.time() - full[-1]['timestamp']['stop']
    if age > oldest_seconds:
        raise Red(f'the newest full backup, {full[-1]["label"]}, is {age:.0f} s old; its schedule allows {oldest_seconds} s')
    newest = sets[-1]
    segments = stanza['archive'][-1]['max']
    if segments is None:
        raise Red('no WAL in the archive')
    return {
        'backup': newest['label'],
        'backupAgeSeconds': round(time.time() - newest['timestamp']['stop']),
        'backupBytes': newest['info']['size'],
        'backupLsn': newest['lsn']['stop'],
        'archiveMax': segments,
    }


def verify(repository):
    """
    Reads every file of the archive against its checksum. The exit code says nothing (0 with a corrupted file), and without --verbose a
    sound archive prints nothing either: so the text is read, and must speak of WAL.
    """
    text = repository.run('verify', '--output=text', '--verbose')
    status = re.search(r'^ *status: (\w+)', text, re.M)
    if status is None or status[1] != 'ok':
        raise Red(f'pgbackrest verify: {tail(text)}')
    checked = [int(count) for count in re.findall(r'archiveId: \S+-\d+, total WAL checked: (\d+)', text)]
    if sum(checked) < 1:
        raise Red(f'pgbackrest verify read no WAL: {tail(text)}')
    bad = re.search(r'(missing|checksum invalid|size invalid|other): [1-9]\d*', text)
    if bad is not None:
        raise Red(f'pgbackrest verify: {bad[0]}: {tail(text)}')
    return {'walChecked': sum(checked)}


def restore(repository, data):
    """Into an empty directory, on to the end of the archive."""
    began = time.monotonic()
    repository.run('restore', f'--pg1-path={data}', '--type=default', '--target-timeline=latest', '--archive-mode=off')
    return {'restoreBytesPerSecond': round(size_of(data) / max(time.monotonic() - began, 0.001))}


def size_of(path):
    return sum(
        os.path.getsize(os.path.join(folder, file))
        for folder, _, files in os.walk(path)
        for file in files
        if os.path.exists(os.path.join(folder, file))
    )


def tail(text):
    return text.strip()[-1500:]
