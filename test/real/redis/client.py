"""A client that writes k1, k2, … for ever, by Sentinel or by the proxy, and tells of each write: `<seconds> <key> <ok, or why not>`.

client.py sentinel|url
It goes by the variables that the manifest gives it, and checks the names of the certificates it is shown."""
import os
import socket
import ssl
import sys
import time
from urllib.parse import urlsplit

MODE = sys.argv[1]
CONTEXT = ssl.create_default_context(cafile=os.environ['CACHE_CA_FILE'])


class Connection:
    def __init__(self, host, port, user, password):
        raw = socket.create_connection((host, port), timeout=3)
        self.socket = CONTEXT.wrap_socket(raw, server_hostname=host)
        self.file = self.socket.makefile('rb')
        self.ask('AUTH', user, password)

    def ask(self, *words):
        parts = [f'*{len(words)}\r\n'] + [f'${len(word)}\r\n{word}\r\n' for word in words]
        self.socket.sendall(''.join(parts).encode())
        return self.answer()

    def answer(self):
        line = self.file.readline()
        if not line:
            raise OSError('closed')
        kind, rest = line[:1], line[1:].strip().decode()
        if kind == b'-':
            raise OSError(rest)
        if kind == b'$':
            return None if rest == '-1' else self.file.read(int(rest) + 2)[:-2].decode()
        if kind == b'*':
            return None if rest == '-1' else [self.answer() for _ in range(int(rest))]
        return rest


def by_url():
    url = urlsplit(os.environ['CACHE_URL'])
    return Connection(url.hostname, url.port, url.username, url.password)


def by_sentinel():
    user, password = os.environ['CACHE_USER'], os.environ['CACHE_PASSWORD']
    last = OSError('no Sentinel')
    for sentinel in os.environ['CACHE_SENTINELS'].split(','):
        host, port = sentinel.rsplit(':', 1)
        try:
            found = Connection(host, int(port), user, password).ask(
                'SENTINEL', 'get-master-addr-by-name', os.environ['CACHE_MASTER'])
            connection = Connection(found[0], int(found[1]), user, password)
            if connection.ask('ROLE')[0] != 'master':
                raise OSError('it is not the primary yet')
            return connection
        except OSError as error:
            last = error
    raise last


connection, number = None, 0
while True:
    number += 1
    key = f'{MODE}:{number}'
    try:
        connection = connection or (by_sentinel() if MODE == 'sentinel' else by_url())
        said = 'ok' if connection.ask('SET', key, str(number)) == 'OK' else 'no'
    except OSError as error:
        said, connection = str(error).replace('\n', ' '), None
    print(f'{time.time():.3f} {key} {said}', flush=True)
    time.sleep(0.02 if said == 'ok' else 0.1)
