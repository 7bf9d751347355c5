import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { ClusterExternalSecret } from '../../../imports/custom.ts';
import { DIST } from '../dist.ts';

export const AMTOOL = '/usr/bin/amtool';
export const ALERTMANAGER = '/usr/bin/prometheus-alertmanager';

const FILE = 'platform/services/_cluster/ClusterExternalSecret.alertmanager.yaml';
/** Where the operator mounts the Secret. */
const MOUNTED = '/etc/alertmanager/config';

/** Why it cannot run here, if it cannot. */
export function alertmanagerMissing(): string | undefined {
  const missing = [AMTOOL, ALERTMANAGER].find(program => !existsSync(program));
  return missing && `${missing} is missing; run \`npm run test:tools\``;
}

/** The clusters that `dist/` has a configuration for. */
export function clusters(): string[] {
  return readdirSync(DIST)
    .filter(cluster => existsSync(path.join(DIST, cluster, FILE)))
    .sort();
}

export function tierOf(cluster: string): string {
  return written(cluster).metadata?.labels?.environment ?? '';
}

function written(cluster: string): ClusterExternalSecret {
  return parse(readFileSync(path.join(DIST, cluster, FILE), 'utf8')) as ClusterExternalSecret;
}

/**
 * Makes of what a cluster gets the folder that its Alertmanager would find, under another path: External Secrets fetches the
 * values, runs the templates, which Go does here as well, and leaves values and texts side by side.
 *
 * @param folder to write into
 * @param stored what the store has under a key of the Secret
 * @returns its `alertmanager.yaml`
 */
export function delivered(cluster: string, folder: string, stored: (key: string) => string): string {
  const { data = [], target } = written(cluster).spec!.externalSecretSpec;
  const { data: templates = {}, engineVersion, mergePolicy } = target!.template!;
  // The first engine knows other functions; without `Merge` the values would be gone.
  if (engineVersion !== 'v2' || mergePolicy !== 'Merge')
    throw new Error(`${cluster}: ${engineVersion}, ${mergePolicy}`);
  const values = new Map(data.map(({ secretKey }) => [secretKey, stored(secretKey)]));
  mkdirSync(folder, { recursive: true });
  for (const [key, value] of values) writeFileSync(path.join(folder, key), value);
  for (const [key, template] of Object.entries(templates)) {
    const text = templated(template, values).replaceAll(MOUNTED, folder);
    writeFileSync(path.join(folder, key), text);
  }
  return path.join(folder, 'alertmanager.yaml');
}

/** External Secrets' `{{ .key | trim }}` first, which only it knows; the rest is plain Go. */
function templated(template: string, values: ReadonlyMap<string, string>): string {
  const inserted = template.replaceAll(/\{\{ \.([a-z]+) \| trim \}\}/g, (_, key: string) => {
    const value = values.get(key);
    if (value === undefined) throw new Error(`the template asks for ${key}, which nobody fetches`);
    return value.trim();
  });
  return amtool('template', 'render', '--template.glob=/dev/null', `--template.text=${inserted}`);
}

/** @throws with what it said, where it fails */
export function amtool(...args: readonly string[]): string {
  const env = { ...process.env, XDG_CONFIG_HOME: '/nowhere' };
  // It ends what it prints with a line of its own.
  return execFileSync(AMTOOL, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] }).replace(/\n$/, '');
}
