import { seriesOf } from '../metrics.ts';
import type { Objective } from '../objective/objective.ts';
import type { System } from '../system.ts';
import type { Workload } from '../workload.ts';
import { Dashboard } from './dashboard.ts';
import type { Row } from './panel.ts';
import { declaredPanel } from './rows/declared.ts';
import { httpRow } from './rows/http.ts';
import { jobsRow } from './rows/jobs.ts';
import { objectiveRow } from './rows/objective.ts';
import { systemRows } from './rows/system.ts';

/** A system at a glance: what is wrong now, how its services answer, its trade, its releases and its jobs. */
export function systemDashboard(system: System): void {
  const { name, labels } = system;
  const dashboard = new Dashboard(system, { title: name, uid: name, system: name }, () => ({
    name: 'overview',
    namespace: system.layer('services').namespace,
    labels,
  }));
  dashboard.show(() => {
    const matcher = `namespace=~"${system.layers
      .map(({ namespace }) => namespace)
      .sort()
      .join('|')}"`;
    const [now, ...rest] = systemRows(name, matcher);
    return [now!, ...promises(system), ...services(system), ...trade(system), ...rest, jobsRow(matcher)];
  });
}

function promises(system: System): Row[] {
  return system.node
    .findAll()
    .map(({ slo, said, of }: Partial<Objective>) => ({ slo, said, namespace: of?.namespace }))
    .filter((each): each is Promised => each.slo !== undefined)
    .sort((a, b) => inOrder(a.slo, b.slo))
    .map(objectiveRow);
}

type Promised = Parameters<typeof objectiveRow>[0];

function services(system: System): Row[] {
  return told(system).flatMap(({ name, namespace, metrics }) =>
    metrics.source ? [{ ...httpRow(metrics.source, seriesOf({ namespace, name })), title: `Requests: ${name}` }] : [],
  );
}

function trade(system: System): Row[] {
  const panels = told(system).flatMap(({ name, namespace, metrics }) =>
    (metrics.declares ?? []).map(metric => declaredPanel(metric, seriesOf({ namespace, name }))),
  );
  return panels.length > 0 ? [{ title: 'Trade', panels }] : [];
}

/** The workloads that say how they fare. */
function told(system: System) {
  return system.node
    .findAll()
    .map(({ name, namespace, metrics }: Partial<Workload>) => ({ name, namespace, metrics }))
    .filter((each): each is Told => each.metrics !== undefined)
    .sort((a, b) => inOrder(a.name, b.name));
}

type Told = { readonly [Field in 'name' | 'namespace' | 'metrics']: NonNullable<Workload[Field]> };

/** Of whatever is called so, not of where it stands in the code. */
function inOrder(a: string, b: string): number {
  return a < b ? -1 : 1;
}
