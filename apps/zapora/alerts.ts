import { type Alert, Duration, seriesOf, type WebService } from '../../charts/index.ts';

/** What calls somebody for the shop, beside what the API brings by itself. */
export function alerts(api: WebService): void {
  const its = seriesOf(api);
  api.alert(ordersStopped(its), ordersCancelled(its), loginsFailing(its));
}

/** People that are there without one of them ordering within half an hour: fewer may well only look. */
const PEOPLE = 20;

function ordersStopped(its: string): Alert {
  return {
    name: 'OrdersStopped',
    severity: 'P1',
    threshold: PEOPLE,
    expr: people =>
      `sum(increase(zapora_orders_total{${its},status="placed"}[30m])) == 0 and on () max(avg_over_time(zapora_active_users{${its}}[30m])) > ${people}`,
    for: Duration.minutes(5),
    summary: 'Nobody orders',
    description: 'Not one order within half an hour, though people are there. Requests may look well all the same.',
    why: `More than ${PEOPLE} people on average, none of whom orders within half an hour: that is no chance. Fewer, at night, may well be.`,
    runbook: 'zapora/orders',
  };
}

function ordersCancelled(its: string): Alert {
  const within = (status: string) => `sum(increase(zapora_orders_total{${its},status="${status}"}[1h]))`;
  return {
    name: 'OrdersCancelled',
    severity: 'P2',
    threshold: 0.3,
    expr: limit => `${within('cancelled')} / (${within('placed')} >= 20) > ${limit}`,
    for: Duration.minutes(15),
    summary: 'Many orders are cancelled',
    description:
      'As many were cancelled within the last hour as are {{ $value | humanizePercentage }} of those placed.',
    why: 'Three of ten. Some always are; a kitchen that does not hear of its orders makes it most of them. Below 20 orders an hour nothing is said.',
    runbook: 'zapora/orders',
  };
}

function loginsFailing(its: string): Alert {
  const within = (matchers: string) => `sum(increase(zapora_logins_total{${its}${matchers}}[10m]))`;
  return {
    name: 'LoginsFailing',
    severity: 'P2',
    threshold: 0.5,
    expr: limit => `${within(',result="failed"')} / (${within('')} >= 50) > ${limit}`,
    for: Duration.minutes(5),
    summary: 'Most logins fail',
    description:
      '{{ $value | humanizePercentage }} of the last ten minutes’ logins failed: somebody tries passwords, or the right ones are refused.',
    why: 'Half of 50 or more. People mistype one in ten; a list of stolen passwords fails nearly always.',
    runbook: 'zapora/logins',
  };
}
