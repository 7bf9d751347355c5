"""Stands for Patroni where nobody votes: starts PostgreSQL with what the rendered patroni.yaml says, and answers /patroni.

The first server of the set begins a database, others copy it. /pgdata/follows names the server that this one follows.
"""

import http.server
import json
import os
import pathlib
import signal
import ssl
import subprocess
import sys
import threading
import time

import yaml

config = yaml.safe_load(open(sys.argv[1]))
own = config['postgresql']
data = pathlib.Path(own['data_dir'])
follows = pathlib.Path('/pgdata/follows')
name = os.environ['PATRONI_NAME']
host = os.environ['PATRONI_POSTGRESQL_CONNECT_ADDRESS'].rsplit(':', 1)[0]


def run(*line, **more):
    return subprocess.run([str(each) for each in line], check=True, **more)


def conninfo(server):
    login = own['authentication']['replication']
    keys = ('sslmode', 'sslcert', 'sslkey', 'sslrootcert')
    return ' '.join([f"host={host.replace(name, server, 1)}", f"user={login['username']}", *(f'{key}={login[key]}' for key in keys)])


def sql(text):
    line = ['psql', '-h', own['parameters']['unix_socket_directories'], '-U', 'postgres', '-Atqc', text]
    return subprocess.run(line, capture_output=True, text=True).stdout.strip()


def make():
    if name.endswith('-0'):
        run('initdb', '-D', data, '-U', 'postgres', '--data-checksums', '--encoding=UTF8', '--locale=C.UTF-8', '--auth-local=peer')
        return
    first = name.rsplit('-', 1)[0] + '-0'
    follows.write_text(first)
    while subprocess.run(['pg_basebackup', '-D', data, '-d', conninfo(first), '-X', 'stream', '-c', 'fast']).returncode != 0:
        subprocess.run(['rm', '-rf', data])
        time.sleep(1)


def settings():
    parameters = {**config['bootstrap']['dcs']['postgresql']['parameters'], **own['parameters'], **own['recovery_conf'], 'listen_addresses': '*'}
    # Of its own version; and without waiting for the disk, which no test pulls the plug of.
    parameters.pop('max_slot_wal_keep_size', None)
    parameters['fsync'] = 'off'
    if follows.exists():
        (data / 'standby.signal').touch()
        parameters['primary_conninfo'] = conninfo(follows.read_text())
    text = lambda value: {True: 'on', False: 'off'}.get(value, value) if isinstance(value, bool) else value
    (data / 'postgresql.conf').write_text(''.join(f"{key} = '{str(text(value)).replace(chr(39), chr(39) * 2)}'\n" for key, value in parameters.items()))
    (data / 'pg_hba.conf').write_text('\n'.join(own['pg_hba']) + '\n')
    (data / 'pg_ident.conf').write_text('\n'.join(own['pg_ident']) + '\n')


def role():
    return {'f': 'primary', 't': 'replica'}.get(sql('select pg_is_in_recovery()'))


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        now = role()
        body = json.dumps({'state': 'running' if now else 'starting', 'role': now}).encode()
        self.send_response(200 if now else 503)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    # To reload, and to change settings: it has nothing to say to either.
    do_POST = do_PATCH = do_GET

    def log_message(self, *_):
        pass


def answer():
    server = http.server.ThreadingHTTPServer(('0.0.0.0', 8008), Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(config['restapi']['certfile'], config['restapi']['keyfile'])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


def main():
    if not data.exists():
        make()
    data.chmod(0o700)
    threading.Thread(target=answer, daemon=True).start()
    ending = []
    while not ending:
        settings()
        (data / 'postmaster.pid').unlink(missing_ok=True)
        server = subprocess.Popen(['postgres', '-D', data])
        signal.signal(signal.SIGTERM, lambda *_: (ending.append(1), server.send_signal(signal.SIGINT)))
        while server.poll() is None:
            if role() == 'primary' and sql("select count(*) from pg_roles where rolname = 'replicator'") == '0':
                sql('create role replicator login replication')
            time.sleep(0.5)


main()
