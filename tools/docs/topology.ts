import { networkMatrix } from '../prove/network/matrix.ts';
import type { Unit } from '../prove/rule.ts';
import { picture } from './picture.ts';
import { workloadNames } from './workloads.ts';

/** By which a page that follows from the code is known. */
export const WRITTEN = 'Written by `npm run docs`.';

/** One system in one cluster, as the page shows it. */
export interface Shown {
  readonly tier: string;
  readonly unit: Unit;
}

/** The page of a system: who may talk to whom, drawn from its wiring; and beside it what the rendered policies say. */
export function topologyPage(system: string, shown: readonly Shown[]): string {
  return [
    `# Who talks to whom in ${system}`,
    '',
    `${WRITTEN} The pictures are drawn from the wiring of the constructs. The tables are computed from the network`,
    'policies that the render makes, by the rules of NetworkPolicy: each cell holds the ports that are open from the row to the column.',
    ...shown.flatMap(({ tier, unit }) => [
      '',
      `## ${tier}: ${unit.cluster.name}`,
      '',
      picture(unit.wiring ?? [], workloadNames(unit)),
      '',
      networkMatrix(unit).trim(),
    ]),
    '',
  ].join('\n');
}
