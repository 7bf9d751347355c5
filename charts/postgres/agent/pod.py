"""The server beside which the agent runs, as its tasks see it."""

import http.client
import json
import os
import socket
import ssl

import psycopg2

TLS = '/etc/drydock/tls'
SOCKETS = '/run/postgresql'
TIMEOUT = 10


class Pod:
    def __init__(self, log):
        self.log = log
        self.name = os.environ['PATRONI_NAME']
        # pgBackRest's name for the database; None without an archive.
        self.stanza = os.environ.get('PGBACKREST_STANZA')
        # What tasks have dealt with, see changed().
        self.seen = {}
        # Whether somebody waits for an answer, so that the next round comes at once.
        self.hurries = False
        self._host, port = os.environ['PATRONI_RESTAPI_CONNECT_ADDRESS'].rsplit(':', 1)
        self._port = int(port)
        self._address = os.environ['PATRONI_KUBERNETES_POD_IP']

    def role(self):
        """primary, standby_leader or replica, as Patroni knows it now; None while there is no server."""
        answer = self.patroni('GET', '/patroni')
        return answer.get('role') if answer.get('state') == 'running' else None

    def is_leader(self):
        return self.role() == 'primary'

    def changed(self, key, digest):
        """Whether it differs from the last time, or this is the first."""
        before, self.seen[key] = self.seen.get(key), digest
        return before != digest

    def sql(self, text, *parameters, database='postgres', timeout='60s'):
        """Runs statements as the superuser, committed by themselves; the rows of the last one, if it has any."""
        connection = psycopg2.connect(
            host=SOCKETS,
            dbname=database,
            user='postgres',
            application_name='agent',
            connect_timeout=TIMEOUT,
            # A commit may wait for a follower; it must not wait for ever, or no task would run again.
            options=f'-c statement_timeout={timeout} -c lock_timeout=10s',
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(text, parameters or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def patroni(self, method, path, body=None):
        """Asks this server's Patroni: its JSON where it answers with some, else its text.

        By the pod's own address, as the member whose changes Patroni takes, and by the name that its certificate has.
        Certificates are read anew each time, since they change while the agent runs.
        """
        context = ssl.create_default_context(cafile=f'{TLS}/ca.crt')
        context.load_cert_chain(f'{TLS}/tls.crt', f'{TLS}/tls.key')
        connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT)
        with socket.create_connection((self._address, self._port), TIMEOUT) as plain:
            with context.wrap_socket(plain, server_hostname=self._host) as connection.sock:
                text = None if body is None else json.dumps(body)
                connection.request(method, path, text, {'Content-Type': 'application/json'})
                answer = connection.getresponse()
                said = answer.read().decode()
        # 503 is how Patroni says what it is not; it says it with the same JSON.
        if answer.status >= 400 and answer.status != 503:
            raise RuntimeError(f'{method} {path}: {answer.status} {said}')
        try:
            return json.loads(said)
        except ValueError:
            return said
