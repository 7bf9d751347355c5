"""Before the migration: a backup, and where writes stop a database that nobody else is on, with a copy to go back to."""

import os
import sys

from steps import CONSOLE, DATABASE, IMAGE, ask, fail, open_one, poolers, say, wait, wish

if ask("select 1 from ops.migration where database = %s and image = %s and state = 'done'", DATABASE, IMAGE):
    say('this image has migrated already')
    sys.exit(0)

left = open_one()
if left is not None:
    # A job that died in the middle, and nobody cleared up behind it.
    wish(left, 'undo')
    say('an earlier migration was open', is_now=wait(left))
    if CONSOLE is not None:
        poolers('RESUME')

((number,),) = ask(
    'insert into ops.migration (database, image, backup, stop_writes, copy_up_to) values (%s, %s, %s, %s, %s) returning id',
    DATABASE,
    IMAGE,
    os.environ['MIGRATION_BACKUP'] == 'yes',
    CONSOLE is not None,
    int(os.environ['MIGRATION_COPY_UP_TO']),
)
state, said = wait(number, 'backed up', 'migrating')
if state == 'backed up':
    poolers('PAUSE')
    wish(number, 'shut')
    state, said = wait(number, 'migrating')
    if state != 'migrating':
        poolers('RESUME')
if state != 'migrating':
    fail('the migration may not begin', state=state, why=said)
say('the migration may begin')
