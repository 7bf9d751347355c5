"""Has a renewed certificate served: Patroni reads it anew for its REST API, and has PostgreSQL do so too.

PostgreSQL keeps the connections that it has; new ones get the new certificate. Programs of other containers read theirs anew by
reloading.py.
"""

from reloading import digest


def run(pod):
    if pod.changed('certificate', digest()):
        pod.patroni('POST', '/reload')
        pod.log('info', 'certificates', 'Patroni and PostgreSQL read the certificate')
