"""Makes the role as which the exporter reads statistics: by the socket and without a password, and it reads no table."""

ROLE = """
do $$ begin create role monitor login; exception when duplicate_object then null; end $$;
grant pg_monitor to monitor;
"""


def run(pod):
    if pod.is_leader() and pod.changed('monitor', ROLE):
        pod.sql(ROLE)
