"""What a restored database must hold."""

import subprocess

from steps import Red

# Each reads both of its tables once.
FOREIGN_KEYS = 20


def up_to_the_last_segment(server, archive_max):
    """The replay went into the newest segment of the archive: at a hole before it, it would have ended in silence."""
    segment_bytes = int(server.ask("select setting from pg_settings where name = 'wal_segment_size'"))
    log, number = int(archive_max[8:16], 16), int(archive_max[16:24], 16)
    begins = (log << 32) + number * segment_bytes
    replayed = server.replayed()
    if replayed < begins:
        raise Red(f'the archive goes up to {archive_max}; the replay ended {begins - replayed} bytes before that segment')


def intact(server):
    """Every table and index, page by page, and each index against its table."""
    try:
        server.run('pg_amcheck', '--all', '--install-missing', '--heapallindexed', '--parent-check')
    finally:
        # The copy is to be what was restored.
        for database in server.databases():
            server.ask('drop extension if exists amcheck', database)


def readable(server):
    """Every row of every database, large values too, and the roles with their rights, as a dump reads them."""
    server.run('pg_dumpall', '--no-sync', output=subprocess.DEVNULL)


def consistent(server):
    """The foreign keys of the largest tables hold, whatever the catalogue says, and each extension is one that this image has."""
    checked = 0
    for database in server.databases():
        keys = server.rows(
            "select c.oid, c.conrelid::regclass, quote_ident(c.conname) from pg_constraint c join pg_class t on t.oid = c.conrelid "
            "where c.contype = 'f' and c.convalidated and c.conparentid = 0 and t.relkind = 'r' "
            f'order by pg_relation_size(t.oid) desc limit {FOREIGN_KEYS}',
            database,
        )
        for oid, table, name in keys:
            server.ask(
                f'begin; update pg_constraint set convalidated = false where oid = {oid}; '
                f'alter table {table} validate constraint {name}; rollback',
                database,
            )
        checked += len(keys)
        missing = server.rows(
            'select extname from pg_extension where extname not in (select name from pg_available_extensions)', database
        )
        if missing:
            raise Red(f'{database}: extensions that the image lacks: {", ".join(name for (name,) in missing)}')
    return {'foreignKeysChecked': checked}


def answers(server, queries):
    """The application's own questions, by database and name: each is one that must be true."""
    for database, named in queries.items():
        for name, sql in named.items():
            answer = server.ask(sql, database)
            if answer not in ('t', 'true'):
                raise Red(f'{database}: "{name}" answered {answer or "nothing"}, not true')
    return {'queriesAnswered': sum(len(named) for named in queries.values())}
