"""Writes a row at a time through the pooler, as a client does: each that was acknowledged and each error is one line."""

import os
import sys
import time

import psycopg2

number = int(sys.argv[1])
session = None
while True:
    try:
        if session is None:
            session = psycopg2.connect(os.environ['DATABASE_URL'], connect_timeout=5)
            session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute('insert into sales (id) values (%s)', (number,))
        print(f'ok {number}', flush=True)
    except Exception as error:
        print(f'error {number} {type(error).__name__}: {str(error).strip()}', flush=True)
        session = None
    number += 1
    time.sleep(0.02)
