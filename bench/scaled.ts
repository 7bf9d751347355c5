import { type Berth, fleet, unit } from '../fleet.ts';

/** The fleet `times` over: copies of each cluster under names and domains of their own, so that no law is broken. */
export function scaled(times: number): Berth[] {
  return Array.from({ length: times }, (_, copy) =>
    fleet.map(berth => (copy === 0 ? berth : copied(berth, copy))),
  ).flat();
}

function copied({ cluster, units }: Berth, copy: number): Berth {
  const own = { name: `${cluster.name}-${copy}`, domain: `${copy}.${cluster.name}.${cluster.domain}` };
  return {
    cluster: { ...cluster, ...own },
    units: units.map(({ system, of, site }) => {
      // The fleet has its primary already.
      const role = site.role === 'primary' ? 'independent' : site.role;
      return unit(system, of, { ...site, ...own, role });
    }),
  };
}
