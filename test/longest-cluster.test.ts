import type { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { clusterFaults } from '../charts/cluster.ts';
import {
  type Cluster,
  Cpu,
  objectStore,
  type Role,
  type Site,
  Size,
  System,
  type Tier,
  WebService,
} from '../charts/index.ts';
import { aws } from '../clusters/aws.ts';
import { dock } from '../dock.ts';
import { fleet, minors, type Unit, unit } from '../fleet.ts';

/** The systems of the fleet, `platform` first. */
const SYSTEMS = new Map(fleet.flatMap(({ units }) => units.map(({ system, of }) => [system, of])));

/** The most characters that IAM takes in a role's name, Kubernetes in a label, X.509 in a common name. */
const MOST = { role: 64, label: 63, commonName: 64 };

const faultsOf = (name: string) => clusterFaults({ ...cluster('production'), name }, []);

/** A cluster with the longest of everything: no region of AWS has more characters than this one. */
function cluster(tier: Tier, changes: Partial<Cluster> = {}): Cluster {
  const shared = aws({ tier, region: 'us-gov-northwest-1' });
  const domain = `${'d'.repeat(63)}.${'o'.repeat(63)}.${'m'.repeat(63)}.example.com`;
  return { name: LONGEST, ...shared, ring: 'ring-2', kubernetes: minors()[0]!, domain, ...changes };
}

/** The longest name that is let through: found, not typed, so that it is judged whatever the limit is. */
const LONGEST = 'c'.repeat(longest());

function longest(): number {
  let length = 1;
  while (length < 253 && clusterFaults({ name: 'c'.repeat(length + 1), tier: 'production', ring: 'main', kubernetes: '1.35' } as Cluster, []).length === 0) length++;
  return length;
}
