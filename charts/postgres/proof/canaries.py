"""The rows that production's agent writes every minute: how far the restored database reaches, and what it must hold."""

import json

from steps import Red


def young(server, asked, oldest_seconds):
    """The age of the newest one when the restore began: the measured recovery point, up to a minute too large."""
    newest = server.ask('select extract(epoch from max(at)) from ops.backup_canary')
    if not newest:
        raise Red('no canary row in ops.backup_canary; look at the agent of the leader in production')
    age = max(0, round(asked - float(newest), 3))
    if age > oldest_seconds:
        raise Red(f'the newest canary row was {age} s old when the restore began; it must be younger than {oldest_seconds} s')
    return {'canaryAgeSeconds': age}


def counted(server):
    """
    Against the newest canary that carries counts. It is up to an hour older than what was restored, so numbers need not be equal; but
    a table of then is there, and a database has not lost most of its rows.
    """
    rows = server.rows('select at, tables from ops.backup_canary where tables is not null order by at desc limit 1')
    if not rows:
        raise Red('no canary row with counts in ops.backup_canary; look at the agent of the leader in production')
    at, text = rows[0]
    known = json.loads(text)
    here = server.databases()
    counts = 0
    for database, tables in known.items():
        if database not in here:
            raise Red(f'database {database}, there at {at}, is not in the backup')
        counts += compared(server, database, tables, at)
    return {'tablesCounted': counts, 'countedAt': at}


def compared(server, database, tables, at):
    then = now = 0
    for table, count in tables.items():
        literal = table.replace("'", "''")
        if server.ask(f"select to_regclass('{literal}') is null", database) == 't':
            raise Red(f'{database}: table {table}, there at {at}, is not in the backup')
        if count is not None:
            then += count
            now += int(server.ask(f'select count(*) from {table}', database))
    if now * 2 < then:
        raise Red(f'{database}: {now} rows in all, where {then} were at {at}')
    return len(tables)
