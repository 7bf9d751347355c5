import { Duration, Objective, type WebService } from '../../charts/index.ts';

/** What the stores are promised; the same in every cluster. */
export function objectives(api: WebService, webhooks: WebService): void {
  // 43 minutes in a month: a till goes on offline, and its queue is settled afterwards.
  new Objective(api, 'available', { of: api, percent: 99.9 });
  // Somebody stands at the till, and scans the next bottle at once.
  new Objective(api, 'fast', { of: api, percent: 95, within: Duration.millis(200) });
  // Who calls tries again for hours: what is refused comes late, and is not lost.
  new Objective(webhooks, 'available', { of: webhooks, percent: 99.5 });
  // An order is only taken in here; the worker does the rest. Callers give up after some seconds, and then it comes twice.
  new Objective(webhooks, 'fast', { of: webhooks, percent: 99, within: Duration.seconds(2) });
}
