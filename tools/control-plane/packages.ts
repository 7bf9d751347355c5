import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What `npm run test:real` runs of Debian 12, by the program that shows that it is there. */
const PACKAGES: Readonly<Record<string, string>> = {
  '/usr/bin/lua5.1': 'lua5.1', // what Argo CD's health scripts are written in
  '/usr/sbin/nginx': 'nginx', // what serves static sites
  '/usr/lib/postgresql/15/bin/postgres': 'postgresql-15',
  '/usr/bin/pgbackrest': 'pgbackrest',
  '/usr/sbin/pgbouncer': 'pgbouncer',
  '/usr/bin/redis-server': 'redis-server',
  '/usr/bin/redis-sentinel': 'redis-sentinel',
  '/usr/bin/redis-cli': 'redis-tools',
  '/usr/sbin/haproxy': 'haproxy',
  '/usr/bin/rclone': 'rclone',
  '/usr/bin/faketime': 'faketime',
  '/usr/bin/prometheus-pushgateway': 'prometheus-pushgateway',
  '/usr/bin/promtool': 'prometheus',
  '/usr/bin/amtool': 'prometheus-alertmanager',
  '/usr/bin/prometheus-blackbox-exporter': 'prometheus-blackbox-exporter',
  '/usr/bin/openssl': 'openssl',
  '/usr/bin/curl': 'curl', // what asks Patroni and reads metrics, in pods
  '/usr/bin/ip': 'iproute2',
  '/usr/sbin/nft': 'nftables', // what stands for kube-proxy between pods
  '/usr/bin/setpriv': 'util-linux',
};

/** @returns the packages that are to be installed */
export function lackingPackages(): string[] {
  const lacking = Object.entries(PACKAGES).flatMap(([program, name]) => (existsSync(program) ? [] : [name]));
  const venv = spawnSync('/usr/bin/python3', ['-c', 'import ensurepip']).status === 0;
  return venv ? lacking : [...lacking, 'python3-venv'];
}
