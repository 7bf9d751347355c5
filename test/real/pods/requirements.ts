import { spawnSync } from 'node:child_process';

const PROGRAMS = ['ip', 'nft', 'nsenter', 'setpriv', 'unshare'];

/**
 * Why this machine cannot run pods, if it cannot: no root, no namespaces (an unprivileged container), or a program that is missing.
 * A test file says it aloud and skips.
 */
export function unavailable(): string | undefined {
  const missing = PROGRAMS.filter(program => spawnSync('which', [program]).status !== 0);
  if (missing.length > 0) return `${missing.join(', ')} missing; run \`npm run test:tools\``;
  if (process.getuid?.() !== 0) return 'namespaces of pods need root; run the tests as root';
  const script = `mount -t tmpfs none "$0" && cd "$0" && mkdir upper work usr && ${OVERLAY}`;
  const tried = spawnSync(
    'unshare',
    ['--mount', '--net', '--uts', '--ipc', '--pid', '--fork', 'sh', '-c', script, '/mnt'],
    {
      encoding: 'utf8',
    },
  );
  return tried.status === 0
    ? undefined
    : `the machine refuses namespaces: ${tried.stderr.trim()}; run as a privileged user`;
}

const OVERLAY =
  'mount -t overlay overlay -o lowerdir=/usr,upperdir=upper,workdir=work usr && nft list tables && ip link';
