import { App, type Chart } from 'cdk8s';
import { type ArgoUnit, argocdUnits, type Synced, syncedFrom } from './argocd/index.ts';
import { acknowledgementsIn } from './charts/acknowledge.ts';
import { stated } from './charts/agreement.ts';
import { agreedAlerts, unknownAlerts } from './charts/alerting/unknown.ts';
import { clusterFaults, roleFaults } from './charts/cluster-faults.ts';
import type { Cluster } from './charts/index.ts';
import { waiversIn } from './charts/waive.ts';
import type { Berth, Departure, Unit } from './fleet.ts';
import type { PlacedAcknowledgement } from './tools/protect/index.ts';
import { Api } from './tools/prove/api.ts';
import { applyWaivers, FleetLaws, type PlacedAgreedAlert, proveUnit, type Waived } from './tools/prove/index.ts';
import { recordedIn } from './tools/prove/promql/metrics.ts';
import type { Unit as ProvenUnit } from './tools/prove/rule.ts';
import { type Runbooks, runbooksIn } from './tools/prove/runbooks.ts';
import type { PlacedWaiver } from './tools/prove/waiver.ts';
import { explain } from './tools/render/explain.ts';
import type { Finding } from './tools/render/finding.ts';
import { type Place, render } from './tools/render/index.ts';
import type { Rendered } from './tools/render/manifest.ts';
import { toYaml } from './tools/render/yaml.ts';

/** What came of a render: how much was made, and everything that is wrong with it. */
export interface Outcome {
  readonly clusters: number;
  readonly units: number;
  readonly objects: number;
  readonly findings: readonly Finding[];
  readonly waived: readonly Waived[];
  /** Alerts that are silenced or tuned, until some day. */
  readonly agreed: readonly PlacedAgreedAlert[];
  /** What is said to be meant, for the guard of the data, which is asked later. */
  readonly acknowledgements: readonly PlacedAcknowledgement[];
}

interface Options {
  /** The folder `imports/`. */
  readonly imports: string;
  /** The folder `runbooks/`. @default nobody asks where alerts lead to */
  readonly runbooks?: string;
  /** Units that are meant to be gone. @default none */
  readonly departures?: readonly Departure[];
  /** Gets each file below `dist/` and its text. Where the outcome has findings, the caller throws all of it away. */
  take(file: string, text: string): void;
  /** Told before each unit. */
  onUnit?(name: string): void;
}

/**
 * The way of the data: each unit's constructs become objects, the objects are judged, what passes is handed on as text.
 * Nothing here reads a clock, the environment or the network, and nothing is written.
 */
export function dock(fleet: readonly Berth[], options: Options): Outcome {
  const run = new Run(options);
  if (fleet.length === 0) run.say('fleet', 'fleet.ts', 'the fleet has no cluster', 'give it one');
  const units = fleet.flatMap(berth => berth.units);
  for (const { cluster, system, given, remedy } of roleFaults(units)) run.say(cluster, system, given, remedy);
  const synced: Synced[] = [];
  const names = new Set<string>();
  for (const berth of fleet) {
    if (!run.known(berth, names)) continue;
    let platform: Given = { platform: new Set(), recorded: [] };
    for (const unit of berth.units) {
      const made = run.unit(unit, platform);
      // Without its platform every reference of a unit would look wrong, and bury the one thing that is.
      if (made === undefined && unit.system === 'platform') break;
      if (made === undefined) continue;
      if (unit.system === 'platform')
        platform = { platform: clusterWide(made.objects, berth.cluster), recorded: recordedIn(made) };
      // Argo CD's objects are computed from what was rendered: from half a fleet they would be half of them, if any.
      if (!run.broken) synced.push(syncedFrom(berth.cluster, made.chart, made.objects));
    }
  }
  if (!run.broken) for (const unit of argocdUnits(synced)) run.argo(unit);
  for (const departure of options.departures ?? []) run.departs(departure);
  return run.outcome(fleet.length);
}

/** What the units after the platform may name, as `<Kind> <name>`: its objects, and storage classes of the cluster's own. */
function clusterWide(
  objects: readonly Rendered[],
  { storage: { block, shared = block, scratch = block } }: Cluster,
): Set<string> {
  const brought = [block, shared, scratch].filter(({ provisioner }) => provisioner === undefined);
  return new Set([
    ...brought.map(({ name }) => `StorageClass ${name}`),
    ...objects
      .filter(({ manifest }) => manifest.metadata.namespace === undefined)
      .map(({ manifest }) => `${manifest.kind} ${manifest.metadata.name}`),
  ]);
}

/** Units are passed one by one and let go, so that memory does not grow with the fleet. */
class Run {
  /** Whether anything so far is wrong that no waiver excuses: then nothing will be published. */
  broken = false;
  readonly #findings: Finding[] = [];
  readonly #waivers: PlacedWaiver[] = [];
  readonly #acknowledgements: PlacedAcknowledgement[] = [];
  readonly #laws = new FleetLaws();
  readonly #apis = new Map<string, Api>();
  readonly #agreed: PlacedAgreedAlert[] = [];
  readonly #known = new Set<string>();
  readonly #unknown: (Omit<Finding, 'rule'> & { readonly alert: string })[] = [];
  readonly #runbooks: Runbooks | undefined;
  #units = 0;
  #objects = 0;

  constructor(private readonly options: Options) {
    this.#runbooks = options.runbooks === undefined ? undefined : runbooksIn(options.runbooks);
  }

  /** Whether a berth's own words can be taken; laws and paths are chosen by them. */
  known({ cluster, units }: Berth, names: Set<string>): boolean {
    const roles = units.map(({ site }) => site.role);
    const faults = clusterFaults(cluster, roles);
    if (names.has(cluster.name)) {
      faults.push({
        given: `the cluster ${cluster.name} stands twice in fleet.ts`,
        remedy: 'remove one, or rename it',
      });
    }
    names.add(cluster.name);
    for (const { given, remedy } of faults) this.say(String(cluster.name), 'cluster', given, remedy);
    return faults.length === 0;
  }

  unit({ system, site, build }: Unit, given: Given) {
    this.#units++;
    return this.#pass(
      {
        cluster: site.name,
        folder: `${site.name}/${system}`,
        tier: site.tier,
        kubernetes: site.kubernetes,
        system,
        ...given,
        nodePools: site.nodePools,
      },
      build,
      chart => ({ wiring: chart.wiring, ...chart.place }),
    );
  }

  argo({ name, kubernetes, parts, layerOf }: ArgoUnit): void {
    this.#units++;
    // Each Argo CD is a cluster of its own to the laws: both have an AppProject of the same name.
    const at = {
      cluster: `argocd/${name}`,
      folder: `argocd/${name}`,
      tier: 'production',
      kubernetes,
      system: 'argocd',
      platform: new Set<string>(),
    };
    for (const build of parts) this.#pass(at, build, () => ({ namespaceOf: () => 'argocd', layerOf }));
  }

  departs(departure: Departure): void {
    const { cluster, system } = stated('fleet.ts', 'a departure', departure, ['cluster', 'system']);
    const unit = `${cluster}/${system}`;
    this.#acknowledgements.push({ ...departure, unit, construct: 'fleet.ts', object: unit, change: 'leaves' });
  }

  say(cluster: string, construct: string, given: string, remedy: string): void {
    this.broken = true;
    this.#findings.push({ cluster, construct, rule: 'render', given, remedy });
  }

  outcome(clusters: number): Outcome {
    const unknown = this.#unknown
      .filter(({ construct, alert }) => !this.#known.has(`${construct} ${alert}`))
      .map(({ alert: _, ...each }) => ({ ...each, rule: 'alert-agreed' }));
    const findings = [...this.#findings, ...unknown, ...this.#laws.findings()];
    return {
      clusters,
      units: this.#units,
      objects: this.#objects,
      acknowledgements: this.#acknowledgements,
      agreed: this.#agreed,
      ...applyWaivers(findings, this.#waivers),
    };
  }

  #pass<T extends Chart>(
    at: At,
    build: (app: App) => T,
    seen: (chart: T) => Pick<Place, 'namespaceOf' | 'layerOf'> & Pick<ProvenUnit, 'wiring'>,
  ) {
    const { cluster, folder, system, tier, platform, recorded, nodePools } = at;
    this.options.onUnit?.(folder);
    try {
      const api = this.#api(at.kubernetes);
      const app = new App();
      const chart = build(app);
      const { wiring, ...place } = seen(chart);
      const { objects, findings } = render(app, { cluster, folder, ...place }, api);
      if (objects.length === 0)
        this.say(cluster, system, 'the unit makes no object', 'take it out of fleet.ts if it is gone');
      const facts = { name: cluster, tier, api, nodePools, runbooks: this.#runbooks };
      const unit = { cluster: facts, system, objects, platform, recorded, wiring };
      const found = [...findings, ...proveUnit(unit, findings.length === 0)];
      this.#judged(
        found,
        waiversIn(app).map(waiver => ({ ...waiver, cluster })),
      );
      this.#acknowledgements.push(...acknowledgementsIn(app).map(each => ({ ...each, cluster, unit: folder })));
      this.#agree(cluster, app, objects);
      this.#laws.see(unit, found);
      this.#objects += objects.length;
      for (const object of objects) this.#emit(cluster, object);
      return { chart, objects };
    } catch (error) {
      const { given, remedy } = explain(error);
      this.say(cluster, system, given, remedy);
      return undefined;
    }
  }

  /** The same code runs in every cluster, and some alerts stand in few: a name is wrong where no cluster has it. */
  #agree(cluster: string, app: App, objects: readonly Rendered[]): void {
    for (const { rules, ...each } of agreedAlerts(app)) {
      if (rules.length > 0) this.#known.add(`${each.construct} ${each.alert}`);
      this.#agreed.push({ ...each, cluster, files: filesOf(rules, objects) });
    }
    for (const { alert, ...each } of unknownAlerts(app)) this.#unknown.push({ alert, cluster, ...each });
  }

  #judged(findings: readonly Finding[], waivers: readonly PlacedWaiver[]): void {
    this.#findings.push(...findings);
    this.#waivers.push(...waivers);
    this.broken ||= applyWaivers(findings, waivers).findings.some(({ rule }) => rule !== 'waiver');
  }

  #emit(cluster: string, { file, construct, manifest }: Rendered): void {
    // An object that was refused may not even be writable.
    if (this.broken) return;
    try {
      this.options.take(file, `# drydock: ${construct}\n${toYaml(manifest)}`);
    } catch (error) {
      const { given, remedy } = explain(error);
      this.say(cluster, construct, given, remedy);
    }
  }

  #api(minor: string): Api {
    const api = this.#apis.get(minor) ?? new Api(this.options.imports, minor);
    this.#apis.set(minor, api);
    return api;
  }
}

/** The files of what stands below these constructs. */
function filesOf(paths: readonly string[], objects: readonly Rendered[]): string[] {
  return objects
    .filter(({ construct }) => paths.some(path => construct.startsWith(`${path}/`)))
    .map(({ file }) => file);
}

/** What a cluster's platform unit gives to the others. */
type Given = Pick<ProvenUnit, 'platform' | 'recorded'>;

interface At extends Given {
  readonly cluster: string;
  /** The unit's folder below `dist/`. */
  readonly folder: string;
  readonly tier: string;
  readonly kubernetes: string;
  readonly system: string;
  readonly nodePools?: Cluster['nodePools'];
}
