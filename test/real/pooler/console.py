"""Says a word to the console of each pod behind a name: `console.py PAUSE shop`."""

import os
import socket
import sys
from urllib.parse import urlsplit

import psycopg2

url = os.environ['CONSOLE_URL']
at = urlsplit(url)
addresses = sorted({entry[4][0] for entry in socket.getaddrinfo(at.hostname, at.port, proto=socket.IPPROTO_TCP)})
for address in addresses:
    session = psycopg2.connect(url, hostaddr=address)
    session.autocommit = True
    with session.cursor() as cursor:
        cursor.execute(' '.join(sys.argv[1:]))
print(*addresses)
