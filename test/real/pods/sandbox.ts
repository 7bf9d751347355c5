import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PodManifest } from './manifest.ts';
import type { Network } from './network.ts';
import { send } from './processes.ts';
import type { Mount } from './root.ts';
import { quote } from './root.ts';
import type { PreparedVolume } from './volumes.ts';

/** What the containers of a pod share: network, host name, and the process that holds both. */
export interface Sandbox {
  readonly pid: number;
  readonly port: string;
  /** /etc/hosts and the like, for every container. */
  readonly files: readonly Mount[];
  remove(): Promise<void>;
}

export interface SandboxOptions {
  readonly pod: PodManifest;
  readonly ip: string;
  /** Of the switch; no two pods have the same. */
  readonly port: string;
  readonly folder: string;
  /** The process that holds the machine's namespaces. */
  readonly holder: number;
  readonly network: Network;
  readonly volumes: ReadonlyMap<string, PreparedVolume>;
}

export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { pod, ip, port, folder, holder, network, volumes } = options;
  const files = writeFiles(options);
  const mounts = [...volumes.values()].flatMap(({ folder: at, tmpfs }) =>
    tmpfs === undefined ? [] : [`mount -t tmpfs -o ${tmpfs} memory ${quote(at)}`],
  );
  const pidFile = join(folder, 'pid');
  const script = `
read -r pid rest < /proc/self/stat
hostname ${quote(hostnameOf(pod))}
${mounts.join('\n')}
echo $pid > ${quote(pidFile)}
while :; do sleep 3600 & wait $!; done`; // a shell, since as PID 1 of a pod it has to bury orphans
  const shared = pod.spec.shareProcessNamespace ? ['--pid'] : [];
  const child = spawn(
    'nsenter',
    [
      ...['--target', String(holder), '--mount', '--pid', 'unshare', '--mount', '--net', '--uts', '--ipc'],
      ...['--fork', ...shared, 'sh', '-ec', script],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const ended = new Promise<void>(done => child.once('exit', () => done()));
  child.unref();
  while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') {
    if (child.exitCode !== null) throw new Error(`${pod.metadata.name}: no namespaces for the pod: ${said}`);
    await sleep(5);
  }
  const pid = Number(readFileSync(pidFile, 'utf8'));
  network.connect(pid, port, ip);
  return {
    pid,
    port,
    files,
    async remove() {
      send(pid, 'SIGKILL');
      await ended;
    },
  };
}

export function hostnameOf({ spec, metadata }: PodManifest): string {
  return spec.hostname ?? metadata.name;
}

function writeFiles({ pod, ip, folder, network }: SandboxOptions): Mount[] {
  const { subdomain, hostAliases = [] } = pod.spec;
  const namespace = pod.metadata.namespace;
  const hostname = hostnameOf(pod);
  const domain = `${namespace}.svc.cluster.local`;
  const names = subdomain === undefined ? [hostname] : [`${hostname}.${subdomain}.${domain}`, hostname];
  const texts = {
    hostname: [hostname],
    hosts: [
      '127.0.0.1\tlocalhost',
      '::1\tlocalhost ip6-localhost ip6-loopback',
      `${ip}\t${names.join('\t')}`,
      ...hostAliases.map(({ ip: address, hostnames = [] }) => `${address}\t${hostnames.join('\t')}`),
    ],
    'resolv.conf': [
      `search ${domain} svc.cluster.local cluster.local`,
      `nameserver ${network.gateway}`,
      'options ndots:5',
    ],
  };
  mkdirSync(folder, { recursive: true });
  return Object.entries(texts).map(([name, lines]) => {
    const source = join(folder, name);
    writeFileSync(source, `${lines.join('\n')}\n`);
    return { source, target: `/etc/${name}`, readOnly: false };
  });
}
