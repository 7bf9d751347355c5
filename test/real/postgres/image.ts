import { patroniFolder } from '../../../tools/control-plane/patroni.ts';
import { PATRONI } from '../../../tools/control-plane/versions.ts';
import { defaultPath, type Image } from '../pods/programs.ts';

/** What stands for the image of databases: see charts/postgres/image/Dockerfile. */
export const POSTGRES: Image = {
  matches: /(^|\/)drydock\/postgres:16-/,
  stand: `PostgreSQL 15 and pgBackRest 2.45 of Debian 12 at the paths of 16, Patroni ${PATRONI} of PyPI`,
  env: { PATH: `/usr/lib/postgresql/16/bin:${defaultPath()}`, LANG: 'C.UTF-8', PYTHONPATH: '/opt/patroni' },
  files: {
    '/opt/patroni': { folder: patroniFolder() },
    '/usr/lib/postgresql/16': { link: '15' },
    '/usr/share/postgresql/16': { link: '15' },
    '/usr/local/bin/patroni': { script: 'exec python3 /opt/patroni/bin/patroni "$@"' },
    '/usr/local/bin/patronictl': { script: 'exec python3 /opt/patroni/bin/patronictl "$@"' },
  },
  users: [{ name: 'postgres', id: 10001, home: '/var/lib/postgresql' }],
};

/** Debian's, which is older: options that it lacks are left out, and that is printed. */
export const EXPORTER: Image = {
  matches: /\/postgres-exporter:/,
  stand:
    'prometheus-postgres-exporter 0.11.1 of Debian 12, without --collector.long_running_transactions and --collector.postmaster',
  entrypoint: [
    'sh',
    '-c',
    'for a; do shift; case $a in --collector.*) ;; *) set -- "$@" "$a" ;; esac; done; exec prometheus-postgres-exporter "$@"',
    'postgres-exporter',
  ],
};
