import type { Finding } from '../../render/finding.ts';
import { kindOf } from '../../render/manifest.ts';
import { groupBy, push } from '../groups.ts';
import type { Unit } from '../rule.ts';
import { type Claim, claimsOf, INGRESS } from './host-claims.ts';

export const hostOnce = {
  name: 'host-once',
  demands:
    'A host belongs to one Ingress of a cluster, or to one master and its minions of one unit; of several clusters one publishes it in DNS.',
  except:
    'Clusters whose Ingresses share one Route 53 routing policy and carry a set-identifier each may publish a host together, by latency one of each region.',
};

/** Remembers who claims which host: one short record per Ingress, never the object. */
export class HostOnce {
  readonly #claims = new Map<string, Claim[]>();

  see({ cluster, system, objects }: Unit): void {
    for (const object of objects) {
      if (object.manifest.kind !== 'Ingress' || kindOf(object.manifest) !== INGRESS) continue;
      for (const [host, claim] of claimsOf(object, cluster.name, system)) {
        push(this.#claims, host, claim);
      }
    }
  }

  findings(): Finding[] {
    return [...this.#claims].flatMap(([host, claims]) => {
      const clusters = groupBy(claims, ({ cluster }) => cluster);
      return [...[...clusters.values()].flatMap(here => [...inCluster(host, here)]), ...acrossClusters(host, claims)];
    });
  }
}

function* inCluster(host: string, claims: readonly Claim[]): Iterable<Finding> {
  const [owner, ...rest] = claims.filter(({ part }) => part !== 'minion');
  const minions = claims.filter(({ part }) => part === 'minion');
  for (const claim of rest) {
    yield finding(
      claim,
      `the host ${host} is also claimed by ${owner!.construct}`,
      'give each its own host, or make one the master and the others minions (nginx.org/mergeable-ingress-type)',
    );
  }
  for (const claim of minions) {
    if (owner?.part !== 'master')
      yield finding(
        claim,
        `no master claims the host ${host} of this minion`,
        'add an Ingress with nginx.org/mergeable-ingress-type: master for the host',
      );
    else if (owner.system !== claim.system)
      yield finding(
        claim,
        `the host ${host} is the ${owner.system} unit’s`,
        `let ${owner.system} route to it, or use a host of its own`,
      );
  }
}

function* acrossClusters(host: string, claims: readonly Claim[]): Iterable<Finding> {
  const [first, ...others] = claims.filter(({ dns, part }) => dns !== undefined && part !== 'minion');
  const told = new Set([first?.cluster]);
  const identifiers = new Set([first?.dns?.identifier]);
  const regions = new Map([[first?.dns?.region, first]]);
  for (const claim of others) {
    if (told.has(claim.cluster)) continue;
    told.add(claim.cluster);
    const { policy, identifier, region } = claim.dns!;
    const together =
      policy !== undefined &&
      policy === first!.dns!.policy &&
      identifier !== undefined &&
      first!.dns!.identifier !== undefined;
    if (together && !identifiers.has(identifier)) {
      identifiers.add(identifier);
      const near = region === undefined ? undefined : regions.get(region);
      regions.set(region, claim);
      // Route 53 refuses the second, and with it all that external-dns changes of the zone (kubernetes-sigs/external-dns#3945).
      if (near)
        yield finding(
          claim,
          `the host ${host} has a latency record for ${region} already, of ${near.construct} in ${near.cluster}`,
          'keep one out of DNS, or give all of them a weight (external-dns.alpha.kubernetes.io/aws-weight) and no region',
        );
      continue;
    }
    yield finding(
      claim,
      `the host ${host} is also published by ${first!.construct} in ${first!.cluster}`,
      'keep one out of DNS (external-dns.alpha.kubernetes.io/controller: none), or give all one routing policy and a set-identifier each',
    );
  }
}

function finding({ cluster, construct, file }: Claim, given: string, remedy: string): Finding {
  return { cluster, construct, rule: hostOnce.name, given, remedy, file };
}
