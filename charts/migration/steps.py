"""What the steps of a migration share. The superuser's part is the database's own agent's: here it is only asked for."""

import json
import os
import socket
import sys
import time
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg2

DATABASE = urlsplit(os.environ['MIGRATION_URL']).path[1:]
IMAGE = os.environ['MIGRATION_IMAGE']
PATIENCE = int(os.environ['MIGRATION_PATIENCE'])
# Set where writes stop: the console of the poolers, which are then paused.
CONSOLE = os.environ.get('MIGRATION_CONSOLE')


def say(event, **facts):
    """One line of JSON for the log."""
    print(json.dumps({'event': event, 'database': DATABASE, 'image': IMAGE, **facts}, default=str), flush=True)


def fail(event, **facts):
    say(event, **facts)
    sys.exit(1)


def ask(text, *values):
    """The rows of a statement, on the primary. It may be failing over, or not be there yet."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            session = psycopg2.connect(os.environ['MIGRATION_URL'], dbname='postgres', connect_timeout=5)
            try:
                session.autocommit = True
                with session.cursor() as cursor:
                    # The login has the right to ask; the owner, as whom it begins, has not.
                    cursor.execute('set role none')
                    cursor.execute(text, values or None)
                    return cursor.fetchall() if cursor.description else []
            finally:
                session.close()
        except (psycopg2.OperationalError, psycopg2.errors.UndefinedTable, psycopg2.errors.InvalidSchemaName) as error:
            if time.monotonic() > until:
                raise
            say('waiting for the database', why=str(error).strip())
            time.sleep(5)


def open_one():
    """The migration of this database that has not ended, whichever image it is of."""
    rows = ask('select id from ops.migration where database = %s and ended_at is null', DATABASE)
    return rows[0][0] if rows else None


def wish(number, what):
    ask('update ops.migration set wish = %s where id = %s', what, number)


def wait(number, *states):
    """Until it is in one of the states, or has ended; what it then is, and what was said of it."""
    until = time.monotonic() + PATIENCE
    while True:
        (state, said, ended), = ask('select state, said, ended_at from ops.migration where id = %s', number)
        if state in states or ended is not None:
            return state, said
        if time.monotonic() > until:
            fail('no answer from the database', state=state, said=said, seconds=PATIENCE)
        time.sleep(1)


def poolers(word):
    """Says PAUSE or RESUME to each pod of the pooler: its Service would lead to one of them only."""
    url = urlsplit(CONSOLE)
    options = {key: value for key, (value,) in parse_qs(url.query).items()}
    addresses = sorted({entry[4][0] for entry in socket.getaddrinfo(url.hostname, url.port, proto=socket.IPPROTO_TCP)})
    for address in addresses:
        # The certificate is held against the name; the address only says which of its pods.
        console = psycopg2.connect(
            host=url.hostname,
            hostaddr=address,
            port=url.port,
            user=url.username,
            password=unquote(url.password),
            dbname=url.path[1:],
            connect_timeout=5,
            **options,
        )
        try:
            console.autocommit = True
            with console.cursor() as cursor:
                cursor.execute(f'{word} {DATABASE}')
        except psycopg2.Error as error:
            # Paused or going on already, as a step finds it that runs again.
            say(f'{word} was refused', pooler=address, why=str(error).strip())
        finally:
            console.close()
    say(word, poolers=addresses)
