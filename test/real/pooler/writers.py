"""Five clients that write until they are told to stop (end of input), each row acknowledged or counted as an error; prints both."""

import json
import os
import sys
import threading
import time

import psycopg2

url = os.environ['DATABASE_URL']
acknowledged, errors, longest = [], [], [0.0]
stop = threading.Event()


def write(number):
    session, row = None, 0
    while not stop.is_set():
        began = time.monotonic()
        try:
            if session is None:
                session = psycopg2.connect(url)
                session.autocommit = True
            with session.cursor() as cursor:
                cursor.execute('insert into written (client, row) values (%s, %s)', (number, row))
            acknowledged.append([number, row])
            longest[0] = max(longest[0], time.monotonic() - began)
        except psycopg2.Error as error:
            errors.append(str(error).strip())
            session = None
        row += 1
        time.sleep(0.01)


threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
for thread in threads:
    thread.start()
print('writing', flush=True)
sys.stdin.read()
stop.set()
for thread in threads:
    thread.join()
print(json.dumps({'acknowledged': len(acknowledged), 'errors': errors, 'longest': longest[0]}))
