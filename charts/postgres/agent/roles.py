"""Databases, roles and passwords as declared: the leader applies them when a text or a password file has changed.

Passwords arrive as files of a directory that the kubelet keeps new, so that a new one needs no restart. The server is given
their verifiers only; the passwords themselves would stand in its log.
"""

import base64
import hashlib
import hmac
import os
import pathlib
import re

DECLARED = pathlib.Path('/etc/drydock/roles')
PASSWORDS = pathlib.Path('/etc/drydock/logins')
# They stand in addresses.
PASSWORD = re.compile(r'[A-Za-z0-9_-]+')
# PostgreSQL's own number (scram_iterations).
ITERATIONS = 4096

# Who was taken away, and is still there.
GONE = """
select pg_terminate_backend(a.pid) from pg_stat_activity a
  join pg_auth_members m on m.member = a.usesysid and m.roleid = 'drydock'::regrole
  join pg_roles r on r.oid = a.usesysid where not r.rolcanlogin
"""


def read(directory):
    """The files of a mounted directory; what begins with two dots is the kubelet's."""
    if not directory.is_dir():
        return {}
    return {file.name: file.read_text() for file in sorted(directory.iterdir()) if not file.name.startswith('..')}


def verifier(password, salt, iterations):
    """As pg_authid keeps it (RFC 5802 and 7677)."""
    salted = hashlib.pbkdf2_hmac('sha256', password.encode(), salt, iterations)
    stored = hashlib.sha256(hmac.digest(salted, b'Client Key', 'sha256')).digest()
    server = hmac.digest(salted, b'Server Key', 'sha256')
    salt, stored, server = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f'SCRAM-SHA-256${iterations}:{salt}${stored}:{server}'


def is_of(kept, password):
    parts = re.fullmatch(r'SCRAM-SHA-256\$(\d+):([^$]+)\$.*', kept or '')
    if parts is None:
        return False
    return hmac.compare_digest(kept, verifier(password, base64.b64decode(parts[2]), int(parts[1])))


def set_password(pod, login, password):
    if not PASSWORD.fullmatch(password):
        raise ValueError(f'the password of {login} holds more than letters, digits, - and _; put another into the store')
    ((kept,),) = pod.sql('select rolpassword from pg_authid where rolname = %s', login)
    if is_of(kept, password):
        return
    # Names are small letters, digits and _, which the render saw to.
    pod.sql(f'alter role "{login}" password %s', verifier(password, os.urandom(16), ITERATIONS))
    pod.log('info', 'roles', f'{login} has a new password')


def kept_out(pod):
    """Whether a migration keeps clients out of a database: a grant would let them in."""
    if pod.sql("select to_regclass('ops.migration')")[0][0] is None:
        return False
    return bool(pod.sql("select 1 from ops.migration where ended_at is null and grants is not null"))


def run(pod):
    if not pod.is_leader():
        # Whoever leads meanwhile may apply another text.
        pod.seen.pop('roles', None)
        return
    texts, passwords = read(DECLARED), read(PASSWORDS)
    logins = texts.pop('logins').split()
    given = {login: passwords[login].strip() for login in logins if login in passwords}
    if not pod.changed('roles', hashlib.sha256(repr((logins, texts, given)).encode()).hexdigest()):
        return
    if kept_out(pod):
        pod.seen.pop('roles')
        return
    pod.sql(texts.pop('roles.sql'))
    faults = []
    for login, password in given.items():
        try:
            set_password(pod, login, password)
        except ValueError as fault:
            faults.append(str(fault))
    for file, text in texts.items():
        database = file.removeprefix('database.').removesuffix('.sql')
        if not pod.sql('select 1 from pg_database where datname = %s', database):
            pod.sql(f'create database "{database}"')
        pod.sql(text, database=database)
    pod.sql(GONE)
    pod.log('info', 'roles', f'applied; without a password yet: {sorted(set(logins) - set(given))}')
    if faults:
        raise ValueError('; '.join(faults))
