import { Duration, Objective, type WebService } from '../../charts/index.ts';

/** What the shop promises to those who order; the same in every cluster. */
export function objectives(api: WebService): void {
  // Recovery takes five minutes at most, of which telling takes three when everything fails; at 99.5 it would take six.
  new Objective(api, 'available', { of: api, percent: 99.9 });
  // What people take for immediate is over by then, and bcrypt takes half of it at a login.
  new Objective(api, 'fast', { of: api, percent: 95, within: Duration.millis(500) });
}
