"""Makes the stanza in the archive, which it needs before it takes any WAL, and sees WAL arrive there.

Making it again changes nothing. Where the archive already holds another database it fails, and goes on failing: PostgreSQL then keeps
its WAL, and nothing is overwritten.
"""

import pathlib
import subprocess
import time

CONFIGURATION = pathlib.Path('/etc/pgbackrest/pgbackrest.conf')
# While the store is away, or a backup has the lock, other tasks must have their turn.
PATIENCE = 30
AGAIN_AFTER = 20

next_try = 0.0


def pgbackrest(pod, command, *options):
    line = ['pgbackrest', f'--stanza={pod.stanza}', *options, command]
    done = subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode != 0:
        raise RuntimeError(f'pgbackrest {command} ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-1000:]}')


def run(pod):
    global next_try
    # A follower of another cluster archives nothing, and a stanza is made by the one who writes.
    if pod.stanza is None or time.monotonic() < next_try or not pod.is_leader():
        return
    if not pod.changed('archive', CONFIGURATION.read_bytes()):
        return
    next_try = time.monotonic() + AGAIN_AFTER
    pgbackrest(pod, 'stanza-create')
    pgbackrest(pod, 'check', '--archive-timeout=20')
    pod.log('info', 'archive', f'{pod.stanza} is in the archive, and WAL arrives')
