import { denied } from '../network/denied.ts';
import { Topology } from '../network/topology.ts';
import { unwired, unwiredNames } from '../network/unwired.ts';
import type { Unit, UnitRule } from '../rule.ts';

export const networkWired: UnitRule = {
  name: 'network-wired',
  demands: 'Every wire of the unit is open on both sides, and no policy opens anything that nobody wired.',
  except:
    'Every workload may ask cluster DNS. A host whose addresses nobody knows is every public address at its port where the network plugin matches no names.',
  *check(unit: Unit) {
    if (unit.wiring === undefined) return;
    const topology = new Topology(unit);
    yield* unwired(topology);
    yield* denied(topology);
    yield* unwiredNames(topology);
  },
};
