"""Writes a row every minute, by which a restored database tells how far it reaches: the age of the newest one is what was lost.

Once an hour it carries the number of rows of each table, for the proof of a restore to compare with what it finds.
"""

import json
import time

EVERY = 60
COUNT_EVERY = 3600
# Three days: a proof that fails on a Friday still finds them on Monday.
KEEP = '3 days'
# Larger tables are told of without a number: counting them would be felt.
COUNTED_BYTES = 64 * 1024 * 1024

TABLE = """
create schema if not exists ops;
create table if not exists ops.backup_canary (at timestamptz primary key default clock_timestamp(), tables jsonb);
"""

DATABASES = "select datname from pg_database where datallowconn and not datistemplate and datname <> 'postgres' order by 1"

# One statement, and so one moment for all tables of a database.
COUNTS = """
select format('%%I.%%I', n.nspname, c.relname),
       case when pg_table_size(c.oid) <= %s then
         (xpath('/row/count/text()', query_to_xml(format('select count(*) from %%I.%%I', n.nspname, c.relname), false, true, '')))[1]::text::bigint
       end
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname not like 'pg\\_%%' and n.nspname <> 'information_schema'
"""

next_row = 0.0
next_count = 0.0


def counts(pod):
    return {name: dict(pod.sql(COUNTS, COUNTED_BYTES, database=name)) for (name,) in pod.sql(DATABASES)}


def counted(pod):
    """A table that is locked must not cost the row."""
    try:
        return json.dumps(counts(pod))
    except Exception as error:
        pod.log('error', 'canary', f'tables not counted: {error}')
        return None


def run(pod):
    global next_row, next_count
    now = time.monotonic()
    if now < next_row or not pod.is_leader():
        return
    if pod.changed('canary', TABLE):
        pod.sql(TABLE)
    tables = None
    if now >= next_count:
        tables = counted(pod)
        next_count = now + COUNT_EVERY
    pod.sql('insert into ops.backup_canary (tables) values (%s)', tables)
    pod.sql('delete from ops.backup_canary where at < now() - %s::interval', KEEP)
    next_row = now + EVERY
