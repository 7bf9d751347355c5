"""After the migration: what every database must hold to, then traffic again."""

from steps import CONSOLE, fail, open_one, poolers, say, wait, wish

number = open_one()
if number is None:
    say('nothing was begun')
else:
    wish(number, 'end')
    state, said = wait(number)
    if CONSOLE is not None:
        poolers('RESUME')
    if state != 'done':
        fail('the migration did not pass', state=state, why=said)
    say('migrated')
