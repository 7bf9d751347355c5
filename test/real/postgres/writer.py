"""A client that writes a row after another and prints each that was acknowledged: time, id and the server that took it.

`writer.py <first id> <host>...`: the connection's other parts come from libpq's variables. It tries the hosts until one is no
follower, and leaves a server that says nothing for two seconds.
"""

import itertools
import select
import sys
import time

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, set_wait_callback

PATIENCE = 2

first, hosts = int(sys.argv[1]), sys.argv[2:]


def wait(connection):
    while (state := connection.poll()) != POLL_OK:
        reads, writes = ([connection], []) if state == POLL_READ else ([], [connection])
        if not any(select.select(reads, writes, [], PATIENCE)):
            raise psycopg2.OperationalError('no answer')


def connect():
    for host in itertools.cycle(hosts):
        try:
            found = psycopg2.connect(host=host, connect_timeout=1)
            found.autocommit = True
            with found.cursor() as cursor:
                cursor.execute('select pg_is_in_recovery()')
                if not cursor.fetchone()[0]:
                    return host, found
            found.close()
        except psycopg2.Error:
            pass
        time.sleep(0.05)


set_wait_callback(wait)
host, server = connect()
for number in itertools.count(first):
    try:
        with server.cursor() as cursor:
            cursor.execute('insert into w (id) values (%s)', (number,))
        print(time.time(), number, host, flush=True)
    except psycopg2.Error:
        server.close()
        host, server = connect()
    time.sleep(0.01)
