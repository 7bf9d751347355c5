"""The copy that is kept for years: a full backup of what was just proven, while it stands still."""

import json

from steps import Red

# Of the report what a reader in seven years asks for; an annotation is one line of the set's own record.
KEPT = (
    'proof', 'began', 'backup', 'backupLsn', 'archiveMax', 'replayedTo', 'canaryAgeSeconds', 'restoreSeconds', 'backupBytes',
    'tablesCounted', 'walChecked', 'image', 'archive',
)


def annotation(report):
    """The report in short: the proof of a set stays with the set."""
    short = {key: report[key] for key in KEPT if key in report}
    short['steps'] = {step['name']: step['seconds'] for step in report['steps']}
    return json.dumps(short, separators=(',', ':'), sort_keys=True)


def copy(repository, report):
    """Into a repository of its own, whose cloud may be down without anybody in production noticing. Sets kept long enough go."""
    repository.run('stanza-create', '--no-online')
    repository.run(
        'backup', '--no-online', '--type=full',
        '--annotation=verified=true', f'--annotation=source={report["backup"]}', f'--annotation=report={annotation(report)}',
    )
    newest = repository.info()['backup'][-1]
    if newest['error'] or (newest.get('annotation') or {}).get('source') != report['backup']:
        raise Red(f'the copy {newest["label"]} is not what was made: {newest}')
    return {'copy': newest['label'], 'copyBytes': newest['info']['repository'].get('delta', 0)}
