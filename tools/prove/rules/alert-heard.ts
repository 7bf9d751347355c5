import type { Labels } from '../alertmanager/matcher.ts';
import type { Channel, Tree, Way } from '../alertmanager/tree.ts';
import type { Problem } from '../rule.ts';

/** Always firing; heard by a machine, which raises the alarm when it ends. */
export const WATCHDOG = 'Watchdog';

interface Demand {
  readonly channel: Channel;
  readonly called: string;
  /** It may come at certain times only. */
  readonly waits?: boolean;
}

const PAGER: Demand = { channel: 'pagerduty_configs', called: 'pager' };
const CHAT: Demand = { channel: 'slack_configs', called: 'chat' };
const TICKET: Demand = { channel: 'webhook_configs', called: 'ticket', waits: true };
const SWITCH: Demand = { channel: 'webhook_configs', called: 'dead man’s switch' };

/** By which way a severity must come, in our words and in the vendors’. Nobody is woken for what has no customers. */
function demanded(severity: string, tier: string): Demand | undefined {
  if (severity === 'P1' || severity === 'critical') return tier === 'production' ? PAGER : CHAT;
  if (severity === 'P2' || severity === 'warning') return CHAT;
  if (severity === 'P3' || severity === 'info') return TICKET;
  return undefined;
}

/** What is wrong with the way of an alert, by its labels. */
export function* unheard(labels: Labels, tree: Tree, tier: string): Iterable<Problem> {
  const { alertname, severity = '' } = labels;
  if (severity === 'none' && alertname !== WATCHDOG) {
    yield { given: 'its severity is none: nobody hears it', remedy: `give it P1, P2 or P3; none is for ${WATCHDOG}` };
    return;
  }
  const demand = severity === 'none' ? SWITCH : demanded(severity, tier);
  const who = severity === 'none' ? alertname : severity;
  if (demand === undefined) {
    yield { given: `its severity is "${severity}", which no route knows`, remedy: 'write P1, P2 or P3' };
    return;
  }
  if (tree.fallsThrough(labels)) {
    yield {
      given: `${who} has no route: it goes to ${tree.fallback.name}`,
      remedy: `add a route for it to a receiver with a ${demand.called} (apps/platform/alertmanager/routes.ts)`,
    };
    return;
  }
  const ways = tree.ways(labels);
  const fitting = ways.filter(({ receiver }) => receiver.channels.includes(demand.channel));
  if (fitting.some(({ times }) => demand.waits || times.length === 0)) return;
  const [limited] = fitting;
  if (limited !== undefined) {
    yield {
      given: `${who} reaches its ${demand.called} at times only: the route to ${limited.receiver.name} goes by ${limited.times.join(', ')}`,
      remedy:
        'take mute_time_intervals and active_time_intervals from it: only a ticket waits (apps/platform/alertmanager/routes.ts)',
    };
    return;
  }
  yield {
    given: `${who} reaches no ${demand.called}: ${named(ways)}`,
    remedy: `give its receiver ${demand.channel} (apps/platform/alertmanager/channels.ts)`,
  };
}

function named(ways: readonly Way[]): string {
  return ways.map(({ receiver: { name, channels } }) => `${name} has ${channels.join(', ') || 'nothing'}`).join('; ');
}
