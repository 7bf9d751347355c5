import { closed } from '../network/closed.ts';
import { unwired } from '../network/unwired.ts';
import { unwiredNames } from '../network/unwired-names.ts';
import { World } from '../network/world.ts';
import type { Unit, UnitRule } from '../rule.ts';

export const networkWired: UnitRule = {
  name: 'network-wired',
  demands: 'Every wire of the unit is open on both sides, and no policy opens anything that nobody wired.',
  except:
    'Every workload may ask cluster DNS. A host whose addresses nobody knows is every public address at its port where the network plugin matches no names.',
  *check(unit: Unit) {
    if (unit.wiring === undefined) return;
    const world = new World(unit);
    yield* unwired(world);
    yield* closed(world);
    yield* unwiredNames(world);
  },
};
