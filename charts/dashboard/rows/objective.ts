import { SLI } from '../../objective/series.ts';
import type { Row } from '../panel.ts';

/** How an objective stands. Only recorded series are read: a picture of 30 days costs as much as one of an hour. */
export function objectiveRow({
  slo,
  namespace,
  said,
}: {
  readonly slo: string;
  readonly namespace: string;
  readonly said: string;
}): Row {
  const its = `{namespace="${namespace}",slo="${slo}"}`;
  const windows = ['5m', '1h', '6h', '3d'] as const;
  return {
    title: `${slo}: ${said}`,
    panels: [
      {
        title: 'Budget that is left',
        description: 'At 0 the promise is broken.',
        unit: 'percentunit',
        queries: [{ expr: `${SLI.remaining}${its}`, legend: 'left' }],
      },
      {
        title: 'What was bad',
        unit: 'percentunit',
        queries: windows.map(window => ({ expr: `${SLI.ratio(window)}${its}`, legend: `within ${window}` })),
      },
      {
        title: 'How fast the budget is used',
        description: 'At 1 it lasts exactly as long as it has to.',
        unit: 'short',
        queries: windows.map(window => ({
          expr: `${SLI.ratio(window)}${its} / ${SLI.budget}${its}`,
          legend: `within ${window}`,
        })),
        limit: 1,
      },
    ],
  };
}
