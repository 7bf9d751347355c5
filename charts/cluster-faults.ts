import { isCidr } from './cidr.ts';
import {
  type Cluster,
  type ObjectStore,
  type Ring,
  type Role,
  type Site,
  TIERS,
  type Tier,
  type WorkingHours,
} from './cluster.ts';

const RINGS: readonly Ring[] = ['main', 'ring-1', 'ring-2'];
const ROLES: readonly Role[] = ['primary', 'independent', 'replica', 'standby'];

/**
 * The most characters of a cluster's name. The tightest names with it are those of its roles in the cloud, in which IAM takes 64:
 * 33 remain to `<namespace>.<workload>`, or to an add-on. Argo CD's Applications end in it, and then fit a label too.
 */
const LONGEST_NAME = 30;

/** What is wrong with a cluster's own words and the roles that systems play in it: `synth` does not type-check. */
export function clusterFaults(cluster: Cluster, roles: readonly Role[]): { given: string; remedy: string }[] {
  const { name, tier, ring, kubernetes, domain } = cluster;
  const faults: { given: string; remedy: string }[] = [];
  const must = (holds: boolean, field: string, value: unknown, remedy: string) => {
    if (!holds) faults.push({ given: `${field} is ${JSON.stringify(value)}`, remedy });
  };
  const oneOf = (known: readonly string[], field: string, value: string) =>
    must(known.includes(value), field, value, `write one of ${known.join(', ')}`);

  must(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name ?? '') && name !== 'argocd' && name !== 'in-cluster',
    'name',
    name,
    "give lower-case letters, digits and -; not argocd, a folder of dist/, nor in-cluster, Argo CD's name for its own",
  );
  must(
    (name ?? '').length <= LONGEST_NAME,
    'name',
    name,
    `give at most ${LONGEST_NAME} characters: roles of the cloud are named <cluster>.<namespace>.<workload>, and IAM takes 64`,
  );
  oneOf(TIERS, 'tier', tier);
  oneOf(RINGS, 'ring', ring);
  must(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(domain ?? ''), 'domain', domain, 'give a lower-case DNS zone');
  for (const role of new Set(roles)) oneOf(ROLES, 'role', role);
  oneOf(['cilium', 'standard'], 'network.plugin', cluster.network?.plugin);
  for (const [field, ranges] of Object.entries({
    'edge.operators': cluster.edge?.operators,
    'network.apiServer.addresses': cluster.network?.apiServer?.addresses,
  })) {
    const holds = Array.isArray(ranges) && ranges.length > 0 && ranges.every(isCidr);
    must(holds, field, ranges, 'list ranges such as 10.8.0.0/16');
  }
  if (cluster.cdn !== undefined)
    must(
      /^[0-9a-f]{32}$/.test(cluster.cdn.zone ?? ''),
      'cdn.zone',
      cluster.cdn.zone,
      'give the identifier of the zone',
    );
  for (const [purpose, store] of Object.entries(cluster.objectStores ?? {}))
    faults.push(...storeFaults(purpose, store));
  must(
    typeof (cluster.runsArgoCd ?? false) === 'boolean',
    'runsArgoCd',
    cluster.runsArgoCd,
    'write true, or leave it out',
  );
  if (cluster.workingHours !== undefined) faults.push(...hoursFaults(cluster.workingHours, tier));
  must(/^1\.\d+$/.test(kubernetes ?? ''), 'kubernetes', kubernetes, 'write a minor such as 1.35');
  return faults;
}

/** What no store of that provider could be. */
function storeFaults(
  purpose: string,
  { provider, bucket, region, account, endpoint }: ObjectStore,
): { given: string; remedy: string }[] {
  const faults: { given: string; remedy: string }[] = [];
  const must = (holds: boolean, field: string, value: unknown, remedy: string) => {
    if (!holds) faults.push({ given: `objectStores.${purpose}.${field} is ${JSON.stringify(value)}`, remedy });
  };
  must(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(purpose), 'key', purpose, 'use lower-case letters, digits and -');
  must(['s3', 'azure', 'gcs'].includes(provider), 'provider', provider, 'write one of s3, azure, gcs');
  // Azure's containers take no dots (learn.microsoft.com, "Naming and referencing containers").
  const bucketHolds = (provider === 'azure' ? /^[a-z0-9](-?[a-z0-9])*$/ : /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/).test(
    bucket ?? '',
  );
  must(
    bucketHolds && bucket.length >= 3 && bucket.length <= 63,
    'bucket',
    bucket,
    `give 3 to 63 lower-case letters, digits${provider === 'azure' ? ' and single -' : ', - and .'}`,
  );
  must(typeof region === 'string' && region !== '', 'region', region, 'name the region that the store stands in');
  if (provider === 'azure')
    must(
      /^[a-z0-9]{3,24}$/.test(account ?? ''),
      'account',
      account,
      'give the storage account: 3 to 24 lower-case letters and digits',
    );
  else must(account === undefined, 'account', account, 'leave it out: only Azure has storage accounts');
  must(
    endpoint === undefined || isOrigin(endpoint),
    'endpoint',
    endpoint,
    'write https://<host>, with a port where it has one of its own, or leave it out',
  );
  return faults;
}

/** A scheme, a host, perhaps a port, and nothing else. */
function isOrigin(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
  } catch {
    return false;
  }
}

/** What KEDA could not read, or would read otherwise than it was meant. */
function hoursFaults({ timeZone, days, from, to }: WorkingHours, tier: Tier): { given: string; remedy: string }[] {
  const faults: { given: string; remedy: string }[] = [];
  const must = (holds: boolean, given: string, remedy: string) => {
    if (!holds) faults.push({ given, remedy });
  };
  must(
    tier !== 'production',
    'workingHours stands on a production cluster',
    'leave it out: customers come at night too',
  );
  must(isTimeZone(timeZone), `workingHours.timeZone is "${timeZone}"`, 'write an IANA name, such as Europe/Berlin');
  must(
    /^[0-6](-[0-6])?(,[0-6](-[0-6])?)*$/.test(days),
    `workingHours.days is "${days}"`,
    'write 1-5 for Monday to Friday',
  );
  const hour = (value: number) => Number.isInteger(value) && value >= 0 && value <= 23;
  must(
    hour(from) && hour(to) && from < to,
    `workingHours are from ${from} to ${to}`,
    'give full hours from 0 to 23 of one day, the later one last',
  );
  return faults;
}

/** Answers are kept: each takes a tenth of a millisecond. */
const zones = new Map<string, boolean>();

/** Whether Go, and so Kubernetes, finds a time zone: by the name of its file, capitals and all, which Intl forgives. */
function isTimeZone(name: string): boolean {
  if (!zones.has(name)) zones.set(name, /^[A-Z]\w*(\/[A-Z][\w+-]*)*$/.test(name) && isKnown(name));
  return zones.get(name)!;
}

function isKnown(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Who plays which part: a replica and a standby follow one primary, and two of those would both write. */
export function roleFaults(
  units: readonly { readonly system: string; readonly site: Site }[],
): { cluster: string; system: string; given: string; remedy: string }[] {
  return [...new Set(units.map(({ system }) => system))].flatMap(system => {
    const sites = units.filter(unit => unit.system === system).map(({ site }) => site);
    const [first, second] = sites.filter(({ role }) => role === 'primary');
    const follower = sites.find(({ role }) => role === 'replica' || role === 'standby');
    if (second !== undefined)
      return [
        {
          cluster: second.name,
          system,
          given: `it is primary here and in ${first!.name}`,
          remedy: 'let one of them follow the other (replica, standby), or make both independent',
        },
      ];
    if (follower !== undefined && first === undefined)
      return [
        {
          cluster: follower.name,
          system,
          given: `it is a ${follower.role}, and nowhere primary`,
          remedy: 'name its primary',
        },
      ];
    return [];
  });
}
