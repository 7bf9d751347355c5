"""Proves that the backups can be restored: proof.py <settings.json>.

Restores the archive as it is, replays it to its end, looks at what is there, and with a `copy` backs up what was proven. Prints one report
as one line of JSON, pushes it as metrics, and ends with 1 where a step did not pass.
"""

import json
import os
import shutil
import signal
import sys
import time

import canaries
import checks
import cold
import metrics
import repository
from server import Server
from steps import Report, tell


def main(path):
    with open(path, encoding='utf-8') as file:
        settings = json.load(file)
    here = os.path.dirname(os.path.abspath(path))
    scratch = settings['scratch']
    data = os.path.join(scratch, 'data')
    archive = repository.Repository(os.path.join(here, 'archive.conf'), settings['stanza'], 'ARCHIVE_')
    server = Server(settings['binaries'], data, os.path.join(scratch, 'server'), settings['sharedBuffers'], archive.env)
    about = {key: settings[key] for key in ('proof', 'namespace', 'cluster', 'stanza', 'archive', 'image')}
    report = Report(about, {'restore': settings['withinSeconds']})
    clear(scratch)
    os.makedirs(data, mode=0o700)
    try:
        prove(report, archive, server, data, settings)
        if 'copy' in settings:
            target = repository.Repository(os.path.join(here, 'copy.conf'), settings['stanza'], 'COPY_')
            report.step('copy', lambda: cold.copy(target, report.whole()), *[step['name'] for step in report.steps])
    finally:
        try:
            server.stop()
        finally:
            # Production's data goes before the volume does.
            clear(scratch)
    whole = report.whole()
    if settings.get('pushgateway'):
        metrics.push(settings['pushgateway'], whole)
    tell(whole)
    return 0 if report.green else 1


def prove(report, archive, server, data, settings):
    within = settings['withinSeconds']
    report.step('backup', lambda: repository.newest_backup(archive, settings['backupAgeSeconds']))
    report.step('verify', lambda: repository.verify(archive))
    asked = time.time()
    report.step('restore', lambda: repository.restore(archive, data), 'backup')
    report.step('start', lambda: started(server, asked, within), 'restore')
    report.step('wal', lambda: checks.up_to_the_last_segment(server, report.facts['archiveMax']), 'start')
    report.step('canary', lambda: canaries.young(server, asked, settings['canaryAgeSeconds']), 'start')
    report.step('counts', lambda: canaries.counted(server), 'start')
    report.step('amcheck', lambda: checks.intact(server), 'start')
    report.step('dump', lambda: checks.readable(server), 'start')
    report.step('constraints', lambda: checks.consistent(server), 'start')
    report.step('queries', lambda: checks.answers(server, settings['queries']), 'start')
    report.step('checksums', lambda: stopped_checksums(server, data), 'start')


def started(server, asked, within):
    server.start(within - (time.time() - asked))
    return {'restoreSeconds': round(time.time() - asked, 3)}


def stopped_checksums(server, data):
    """Each page against its checksum, of which a running server would be told only when it reads the page."""
    server.stop()
    server.run('pg_checksums', '--check', '-D', data)


def clear(scratch):
    for name in os.listdir(scratch):
        if name != 'lost+found':
            shutil.rmtree(os.path.join(scratch, name))


if __name__ == '__main__':
    # At its deadline it still has a moment to erase what it restored.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1]))
