import type { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { clusterFaults } from '../charts/cluster-faults.ts';
import { type Cluster, Cpu, objectStore, type Site, Size, System, WebService } from '../charts/index.ts';
import { dock } from '../dock.ts';
import { type Berth, fleet, type Unit, unit } from '../fleet.ts';
import { production } from './site.ts';

/** The longest name that a cluster may have: found, not typed, so that names are judged whatever the limit is. */
const LONGEST = longest();

function longest(): number {
  const fits = (length: number) => clusterFaults({ ...production, name: 'c'.repeat(length) }, []).length === 0;
  let length = 1;
  while (length < 253 && fits(length + 1)) length++;
  return length;
}

/** The cluster with long words for all that names are made of; no region of AWS has more characters than us-gov-northwest-1. */
function long<C extends Cluster>(cluster: C): C {
  const name = cluster.name.padEnd(LONGEST, 'x');
  return {
    ...cluster,
    name,
    region: cluster.region.padEnd('us-gov-northwest-1'.length, 'x'),
    domain: `${'d'.repeat(63)}.${'o'.repeat(63)}.${cluster.domain}`,
  };
}

/** What is wrong with a fleet, and the texts of its files. */
function rendered(berths: readonly Berth[]) {
  const texts = new Map<string, string>();
  const { findings } = dock(berths, { imports: 'imports', take: (file, text) => texts.set(file, text) });
  return { findings, texts };
}

describe('the fleet, were each name of a cluster as long as it may be', () => {
  const { findings, texts } = rendered(
    fleet.map(({ cluster, units }) => ({
      cluster: long(cluster),
      units: units.map(({ system, of, site }) => unit(system, of, long(site))),
    })),
  );
  const all = [...texts.values()].join('\n');

  /** The names of a kind that have more characters than they may. */
  function tooLong(kind: RegExp, limit: number, where = all): string[] {
    const names = [...where.matchAll(kind)].map(([, name]) => name!);
    expect(names, `${kind}`).not.toEqual([]);
    return [...new Set(names)].filter(name => name.length > limit);
  }

  test('passes every law', () => {
    expect(findings).toEqual([]);
    for (const { cluster } of fleet) expect(long(cluster).name).toHaveLength(LONGEST);
  });

  test('has no Application whose name Argo CD could not write into a label, as it does where it tracks by labels', () => {
    expect(tooLong(/\/Application\.(.+)\.yaml$/gm, 63, [...texts.keys()].join('\n'))).toEqual([]);
  });

  test.runIf(fleet.some(({ cluster }) => cluster.account !== undefined))(
    'has no role that IAM does not take, the add-ons’ among them, which stand in their charts’ values where no law looks',
    () => {
      expect(tooLong(/arn:aws:iam::\d+:role\/([\w+=,.@-]+)/g, 64)).toEqual([]);
    },
  );

  test.runIf(fleet.some(({ cluster }) => cluster.certificates.issuer === 'self-signed'))(
    'has no authority with a longer common name than a certificate holds (RFC 5280, ub-common-name)',
    () => {
      expect(tooLong(/commonName: (.+)/g, 64)).toEqual([]);
    },
  );
});

test('one character more is refused, by the name alone', () => {
  const cluster = { ...production, name: 'c'.repeat(LONGEST + 1) };
  expect(rendered([{ cluster, units: [] }]).findings).toEqual([
    {
      cluster: cluster.name,
      construct: 'cluster',
      rule: 'render',
      given: `name is "${cluster.name}"`,
      remedy: `give at most ${LONGEST} characters: roles of the cloud are named <cluster>.<namespace>.<workload>, and IAM takes 64`,
    },
  ]);
});

test.each(['', '-a', 'a-', 'A', 'a_b', 'a.b', 'argocd'])('the name "%s" is refused', name => {
  expect(clusterFaults({ ...production, name }, []).map(({ given }) => given)).toEqual([`name is "${name}"`]);
});

/** A system whose one service has a role in the cloud. */
function shopWith(workload: string): Unit['of'] {
  return class extends System {
    constructor(scope: Construct, site: Site) {
      super(scope, 'shop', { site, owner: 'ordering', costCenter: 'shop' });
      new WebService(this, workload, {
        image: 'ghcr.io/shop/web:1.0.0',
        port: 8080,
        replicas: 2,
        cpu: Cpu.millis(100),
        memory: Size.mebibytes(128),
        env: objectStore(site, 'backups', 'BACKUPS'),
      });
    }
  };
}

test('33 characters remain to namespace and workload; a role with more is refused with its construct', () => {
  const [platform] = fleet[0]!.units;
  const site: Site = { ...long(production), role: 'primary' };
  const findingsOf = (workload: string) =>
    rendered([{ cluster: site, units: [unit('platform', platform!.of, site), unit('shop', shopWith(workload), site)] }])
      .findings;
  const fits = 'w'.repeat(33 - 'shop-'.length);
  expect(findingsOf(fits)).toEqual([]);
  expect(findingsOf(`${fits}w`)).toMatchObject([
    {
      construct: `shop/${fits}w/service-account`,
      rule: 'cloud-role',
      given: `metadata.annotations["eks.amazonaws.com/role-arn"] names the role ${site.name}.shop.${fits}w of 65 characters`,
      remedy: 'use at most 64, IAM’s limit',
    },
  ]);
});
