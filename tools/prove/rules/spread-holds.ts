import type { Problem, Unit, UnitRule } from '../rule.ts';
import { antiAffinityFaults, antiAffinityOf } from './anti-affinity.ts';
import { placesFor, ZONE, ZONES } from './node-pools.ts';
import { asText, matches } from './selector.ts';
import { type View, viewOf, type Workload } from './view.ts';

export const spreadHolds: UnitRule = {
  name: 'spread-holds',
  demands: `Pods can stand where they are told to: a spread and an anti-affinity select pods that are there, a required one needs no more nodes than the cluster may have and no more than ${ZONES} zones; in production what has two pods spreads them.`,
  except: 'Where nobody said how many nodes a cluster may have, any number is enough.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const workload of view.workloads) {
      for (const problem of faults(view, workload)) yield { object: workload.object, ...problem };
    }
  },
};

function* faults(view: View, workload: Workload): Iterable<Problem> {
  const { pod, traits } = workload;
  const { cluster } = view.unit;
  const { topologySpreadConstraints: spreads = [] } = pod.spec;
  const antiAffinity = antiAffinityOf(pod);
  const several = traits.budgeted && view.replicas(workload).max > 1;
  if (several && cluster.tier === 'production' && spreads.length + antiAffinity.length === 0) {
    yield {
      given: `${pod.specAt} has neither topologySpreadConstraints nor podAntiAffinity`,
      remedy: `spread the pods over ${ZONE}: on one node they fail together`,
    };
  }
  for (const [index, spread] of spreads.entries()) {
    const { labelSelector, minDomains = 0, topologyKey, whenUnsatisfiable } = spread;
    const at = `${pod.specAt}.topologySpreadConstraints[${index}]`;
    if (labelSelector === undefined || !matches(labelSelector, pod.labels)) {
      yield {
        given: `${at}.labelSelector ${asText(labelSelector ?? {})} does not match the pod’s own labels`,
        remedy: 'select them by app.kubernetes.io/instance: it counts the pods that it selects',
      };
    }
    const places = placesFor(pod, topologyKey, cluster);
    if (whenUnsatisfiable === 'DoNotSchedule' && minDomains > places)
      yield {
        given: `${at}.minDomains is ${minDomains}, of which there are ${places}`,
        remedy: `give at most ${places}`,
      };
  }
  for (const each of antiAffinity) yield* antiAffinityFaults(view, workload, each);
}
