"""The report as metrics, pushed: a Job is gone before Prometheus would ask it."""

import time
import urllib.error
import urllib.request

from steps import say

NAMES = {
    'restore_proof_success': ('gauge', 'Whether the last restore proof passed every step.'),
    'restore_proof_timestamp_seconds': ('gauge', 'When the last restore proof ended.'),
    'restore_proof_last_success_timestamp_seconds': ('gauge', 'When a restore proof last passed every step.'),
    'restore_proof_step_success': ('gauge', 'Whether a step of the last restore proof passed.'),
    'restore_proof_step_seconds': ('gauge', 'How long a step of the last restore proof took.'),
    'restore_proof_restore_seconds': ('gauge', 'From an empty volume to a server that takes writes: the measured recovery time.'),
    'restore_proof_canary_age_seconds': ('gauge', 'Age of the newest restored canary row: the measured recovery point.'),
    'restore_proof_backup_bytes': ('gauge', 'Size of the database that was restored.'),
}


def text_of(report, now):
    """In Prometheus' text format."""
    values = {
        'restore_proof_success': [({}, int(report['green']))],
        'restore_proof_timestamp_seconds': [({}, now)],
        'restore_proof_step_success': [({'step': step['name']}, int(step['passed'])) for step in report['steps']],
        'restore_proof_step_seconds': [({'step': step['name']}, step['seconds']) for step in report['steps']],
    }
    if report['green']:
        values['restore_proof_last_success_timestamp_seconds'] = [({}, now)]
    for name, fact in (('restore_seconds', 'restoreSeconds'), ('canary_age_seconds', 'canaryAgeSeconds'), ('backup_bytes', 'backupBytes')):
        if fact in report:
            values[f'restore_proof_{name}'] = [({}, report[fact])]
    lines = []
    for name, series in values.items():
        kind, help_text = NAMES[name]
        lines += [f'# HELP {name} {help_text}', f'# TYPE {name} {kind}']
        for labels, value in series:
            inner = ','.join(f'{label}="{text}"' for label, text in labels.items())
            lines.append(f'{name}{{{inner}}} {value}' if inner else f'{name} {value}')
    return '\n'.join(lines) + '\n'


def push(gateway, report):
    """
    POST replaces the metrics of these names and leaves others of the group: the time of the last green proof survives a red one. A
    gateway that does not answer turns no proof red; that no report came for too long is an alert of its own.
    """
    group = f'/metrics/job/restore-proof/namespace/{report["namespace"]}/proof/{report["proof"]}'
    body = text_of(report, round(time.time())).encode()
    request = urllib.request.Request(gateway + group, data=body, method='POST', headers={'Content-Type': 'text/plain; version=0.0.4'})
    try:
        with urllib.request.urlopen(request, timeout=10):
            pass
    except (urllib.error.URLError, OSError) as error:
        say(f'the push gateway {gateway} took no metrics: {error}')
