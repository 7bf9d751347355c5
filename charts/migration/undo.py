"""When a sync has failed, for whatever reason: takes back a migration that has begun and not ended, and only that."""

from steps import CONSOLE, open_one, poolers, say, wait, wish

number = open_one()
if number is None:
    say('nothing to take back')
else:
    wish(number, 'undo')
    state, said = wait(number)
    say('taken back' if state == 'undone' else state, said=said)
if CONSOLE is not None:
    # Also where nothing is open: a job may have died just before it would have said so.
    poolers('RESUME')
