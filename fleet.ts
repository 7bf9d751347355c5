import type { Construct } from 'constructs';
import { LiquorPos } from './apps/liquor-pos/index.ts';
import { Platform } from './apps/platform/index.ts';
import { Zapora } from './apps/zapora/index.ts';
import { type Cluster, type Role, type Site, type System, writesHere } from './charts/index.ts';
import { apSoutheast1 } from './clusters/ap-southeast-1.ts';
import { development } from './clusters/development.ts';
import { euWest1 } from './clusters/eu-west-1.ts';
import { local } from './clusters/local.ts';
import { staging } from './clusters/staging.ts';
import { usEast1a } from './clusters/us-east-1a.ts';
import { usEast1b } from './clusters/us-east-1b.ts';
import { usWest1 } from './clusters/us-west-1.ts';
import { usWest2 } from './clusters/us-west-2.ts';

/** The systems there are. `platform` stands in every cluster; the rest where the table below says. */
const SYSTEMS = { 'liquor-pos': LiquorPos, zapora: Zapora };

/** Who runs where and in which role. A line that goes takes its folder of `dist/` along: removals are visible here. */
export const fleet: readonly Berth[] = [
  berth(local, { zapora: 'independent', 'liquor-pos': 'independent' }),
  berth(development, { zapora: 'independent', 'liquor-pos': 'independent' }),
  berth(staging, { zapora: 'independent', 'liquor-pos': 'independent' }),
  berth(usEast1a, { zapora: 'primary', 'liquor-pos': 'primary' }),
  berth(usEast1b, {}),
  berth(usWest1, { 'liquor-pos': 'replica' }),
  berth(usWest2, { zapora: 'standby', 'liquor-pos': 'standby' }),
  berth(euWest1, {}),
  berth(apSoutheast1, {}),
];

/** The Kubernetes minors that the fleet uses, e.g. `1.35`. */
export function minors(): string[] {
  return [...new Set(fleet.map(({ cluster }) => cluster.kubernetes))].sort();
}

/**
 * Units that are meant to go with all that they hold: a line each, which goes too once that is merged.
 *
 * @example { cluster: 'us-west-2', system: 'zapora', reason: 'the region closes', owner: 'platform', expires: '2027-03-31' }
 */
export const departures: readonly Departure[] = [];

export interface Departure {
  readonly cluster: string;
  readonly system: string;
  readonly reason: string;
  readonly owner: string;
  /** Last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
}

/** One cluster and the units that stand in it, `platform` first, since the others refer to it. */
export interface Berth {
  readonly cluster: Cluster;
  readonly units: readonly Unit[];
}

/** One system in one cluster: what is rendered, compared and synced alone. */
export interface Unit {
  readonly system: string;
  readonly site: Site;
  /** The same system on another site. */
  readonly of: new (
    scope: Construct,
    site: Site,
  ) => System;
  build(scope: Construct): System;
}

type Plan = Readonly<Partial<Record<keyof typeof SYSTEMS, Role>>>;

function berth(cluster: Cluster, plan: Plan): Berth {
  const systems = Object.entries(plan).map(([system, role]) =>
    unit(system, SYSTEMS[system as keyof typeof SYSTEMS], siteOf(cluster, system, role)),
  );
  return { cluster, units: [unit('platform', Platform, { ...cluster, role: 'independent' }), ...systems] };
}

/** A cluster as a system sees it. Whom it follows is asked once the whole table stands: whichever cluster holds the primary. */
function siteOf(cluster: Cluster, system: string, role: Role): Site {
  const site = { ...cluster, role };
  if (writesHere(site)) return site;
  const holdsPrimary = (unit: Unit) => unit.system === system && unit.site.role === 'primary';
  return {
    ...site,
    get follows() {
      return fleet.find(({ units }) => units.some(holdsPrimary))?.cluster;
    },
  };
}

/** @param of the system's class, whose constructor takes a scope and a site */
export function unit(system: string, of: new (scope: Construct, site: Site) => System, site: Site): Unit {
  if (of === undefined)
    throw new Error(`fleet.ts: ${site.name} runs ${system}, which SYSTEMS does not hold; add it, or mend the name`);
  return { system, site, of, build: scope => new of(scope, site) };
}
