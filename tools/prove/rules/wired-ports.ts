import type { Unit, UnitRule } from '../rule.ts';
import { portsOf } from './service-ports.ts';
import { viewOf } from './view.ts';
import { hears, means, serving } from './wires.ts';

export const wiredPorts: UnitRule = {
  name: 'wired-ports',
  demands: 'Every wire to a workload ends at a TCP port that one of its containers declares.',
  *check(unit: Unit) {
    const { workloads } = viewOf(unit);
    const told = new Set<string>();
    for (const { to, port } of unit.wiring ?? []) {
      if (to.is !== 'workload') continue;
      const key = `${to.namespace}/${to.name} ${port}`;
      if (told.has(key)) continue; // one port is one fault, however many come there
      told.add(key);
      const there = workloads.filter(workload => means(to, workload));
      const [deaf] = there;
      if (deaf === undefined || there.some(workload => hears(workload, port))) continue;
      yield {
        object: deaf.object,
        given: `the wiring opens TCP ${port}, which no container declares (there are: ${portsOf(serving(deaf.pod))})`,
        remedy: 'give the port where the construct asks for it, e.g. `port`, and not in a patch',
      };
    }
  },
};
