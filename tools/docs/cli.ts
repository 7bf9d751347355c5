import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { App } from 'cdk8s';
import { alertAgreementsIn } from '../../charts/alerting/agreed.ts';
import { CloudRole } from '../../charts/cloud-role.ts';
import { TIERS } from '../../charts/cluster.ts';
import { fleet, type Unit } from '../../fleet.ts';
import { Api } from '../prove/api.ts';
import { asLines } from '../render/finding.ts';
import { render } from '../render/index.ts';
import { alertsPage, type Watching } from './alerts.ts';
import { cloudRolesPage, type CloudRole as Role } from './cloud-roles.ts';
import { type Shown, topologyPage, WRITTEN } from './topology.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TOPOLOGY = 'docs/topology';

/** The pages that follow from the code, by their paths from the project's root. */
export function pages(): Map<string, string> {
  const made = new Map(fleet.flatMap(berth => berth.units).map(unit => [unit, build(unit)]));
  const units = [...made.keys()].filter(({ system }) => system !== 'platform');
  const found = new Map<string, string>();
  for (const system of [...new Set(units.map(unit => unit.system))].sort()) {
    // One cluster of each tier: the one that writes, else one in the cloud.
    const shown = TIERS.flatMap((tier): Shown[] => {
      const there = units.filter(unit => unit.system === system && unit.site.tier === tier);
      const unit =
        there.find(({ site }) => site.role === 'primary') ?? there.find(({ site }) => site.account) ?? there[0];
      return unit === undefined ? [] : [{ tier, unit: made.get(unit)!.seen }];
    });
    found.set(`${TOPOLOGY}/${system}.md`, topologyPage(system, shown));
  }
  found.set(
    'docs/alerts.md',
    alertsPage(
      [...made.values()].map(({ watching }) => watching),
      TIERS,
    ),
  );
  found.set('docs/cloud-roles.md', cloudRolesPage([...made.values()].flatMap(({ roles }) => roles)));
  return found;
}

const apis = new Map<string, Api>();

/** Read once a minor. */
function apiOf(minor: string): Api {
  const api = apis.get(minor) ?? new Api(path.join(ROOT, 'imports'), minor);
  apis.set(minor, api);
  return api;
}

function build({ system, site, build: of }: Unit): { seen: Shown['unit']; roles: Role[]; watching: Watching } {
  const app = new App();
  const chart = of(app);
  const api = apiOf(site.kubernetes);
  const place = { cluster: site.name, folder: `${site.name}/${system}`, ...chart.place };
  const { objects, findings } = render(app, place, api);
  if (findings.length > 0) throw new Error([...asLines(findings), 'mend them first: `npm run synth`'].join('\n'));
  const roles = chart.node
    .findAll()
    .filter(construct => construct instanceof CloudRole)
    .map(({ name, rights, workload }) => ({
      cluster: site.name,
      account: site.account ?? '',
      name,
      subject: `system:serviceaccount:${workload.namespace}:${workload.name}`,
      rights,
    }));
  const cluster = { name: site.name, tier: site.tier, api };
  const watching = {
    cluster: site.name,
    tier: site.tier,
    system,
    manifests: objects.map(({ manifest }) => manifest),
    agreed: alertAgreementsIn(chart),
  };
  return { seen: { cluster, system, objects, platform: new Set(), wiring: chart.wiring }, roles, watching };
}

function write(words: readonly string[]): void {
  if (words.length > 0) throw new Error(`docs takes nothing, not "${words.join(' ')}"`);
  const written = pages();
  const folder = path.join(ROOT, TOPOLOGY);
  mkdirSync(folder, { recursive: true });
  for (const page of readdirSync(folder)) {
    const file = path.join(folder, page);
    // Of a system that is gone; what a person wrote stays.
    if (page.endsWith('.md') && !written.has(`${TOPOLOGY}/${page}`) && readFileSync(file, 'utf8').includes(WRITTEN))
      rmSync(file);
  }
  for (const [file, text] of written) {
    mkdirSync(path.dirname(path.join(ROOT, file)), { recursive: true });
    writeFileSync(path.join(ROOT, file), text);
    process.stdout.write(`${file}\n`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    write(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
