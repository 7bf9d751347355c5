import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Site, TIERS } from '../../charts/cluster.ts';
import { asMarkdown, type Service } from './index.ts';

const APPS = new URL('../../apps/', import.meta.url);
const USAGE =
  'npm run settings -- <system>     every setting of a system: what is allowed, and what it is in each tier\n';

async function main([system, ...rest]: readonly string[]): Promise<void> {
  const systems = readdirSync(fileURLToPath(APPS)).filter(each => existsSync(fileOf(each)));
  const known = `The systems with settings are ${systems.join(', ') || 'none'}.`;
  if (system === undefined || system === '--help' || system === '-h')
    return void process.stdout.write(`${USAGE}\n${known}\n`);
  if (rest.length > 0) throw new Error(`it takes one system, not "${[system, ...rest].join(' ')}"\n\n${USAGE}`);
  if (!systems.includes(system)) throw new Error(`there is no apps/${system}/settings.ts. ${known}`);

  const [found, sites] = [await servicesOf(system), await sitesOf(system)];
  const faults = found.flatMap(service => sites.flatMap(site => faultOf(() => service(site))));
  if (faults.length > 0) throw new Error([...new Set(faults)].join('\n'));
  process.stdout.write(asMarkdown(found, sites, TIERS));
}

/** What `settings(…)` returns: callable with a site. */
type Settings = Service & ((site: Site) => unknown);

async function servicesOf(system: string): Promise<Settings[]> {
  const exported: Record<string, unknown> = await import(fileOf(system).href);
  const found = Object.values(exported).filter(isSettings);
  if (found.length === 0)
    throw new Error(`apps/${system}/settings.ts exports no settings; export what settings(…) returns`);
  return found.sort((a, b) => (a.service < b.service ? -1 : 1));
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'function' && 'service' in value && 'rows' in value;
}

async function sitesOf(system: string): Promise<Site[]> {
  const { fleet } = await import('../../fleet.ts');
  return fleet.flatMap(({ units }) => units.filter(unit => unit.system === system).map(({ site }) => site));
}

function faultOf(action: () => unknown): string[] {
  try {
    action();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function fileOf(system: string): URL {
  return new URL(`${system}/settings.ts`, APPS);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`settings: ${error.message}\n`);
  process.exitCode = 1;
});
