import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Whoever installs a package asks this program before it starts a daemon; 101 is no. */
const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Only where it can be done without asking: as root on a Debian. Elsewhere the tests name what they miss. No daemon is started.
 * @param packages none: nothing is done
 */
export function install(packages: readonly string[], say: (text: string) => void): void {
  if (packages.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  say(`installing ${packages.join(', ')}`);
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  execFileSync('apt-get', ['update', '-q'], options);
  withoutDaemons(() => execFileSync('apt-get', ['install', '-qy', '--no-install-recommends', ...packages], options));
}

function withoutDaemons(work: () => void): void {
  const ours = !existsSync(POLICY); // else the machine's own decides; in a container image it says no, too
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    work();
  } finally {
    if (ours) rmSync(POLICY);
  }
}
