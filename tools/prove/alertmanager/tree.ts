import { parse } from 'yaml';
import { type Labels, type Matcher, parseMatcher } from './matcher.ts';

/** The ways to reach somebody that a receiver may have, by Alertmanager's own names. */
export type Channel = 'email_configs' | 'pagerduty_configs' | 'slack_configs' | 'sns_configs' | 'webhook_configs';

export interface Receiver {
  readonly name: string;
  readonly channels: readonly Channel[];
}

/** By which an alert reaches a receiver. */
export interface Way {
  readonly receiver: Receiver;
  /** The times that it is told in, or not told in. None: always. */
  readonly times: readonly string[];
}

/** Alertmanager's configuration, as far as it says who hears an alert. */
export class Tree {
  readonly receivers: ReadonlyMap<string, Receiver>;
  readonly #inhibitions: readonly Inhibition[];
  readonly #root: Node;

  /** @param text of `alertmanager.yaml` @throws where it is no configuration, or names what it does not hold */
  constructor(text: string) {
    const { route, receivers = [], time_intervals = [], inhibit_rules = [] } = (parse(text) ?? {}) as Written;
    if (!route?.receiver) throw new Error('it has no route with a receiver');
    this.receivers = new Map(receivers.map(each => [each.name, receiver(each)]));
    if (this.receivers.size < receivers.length) throw new Error('two receivers have one name');
    const intervals = new Set(time_intervals.map(({ name }) => name));
    this.#inhibitions = inhibit_rules.map(inhibition);
    this.#root = node(route, route.receiver);
    for (const { receiver: name, times } of below(this.#root)) {
      if (!this.receivers.has(name)) throw new Error(`a route leads to the receiver ${name}, which it does not hold`);
      const unknown = times.find(each => !intervals.has(each));
      if (unknown !== undefined) throw new Error(`a route goes by the time ${unknown}, which it does not hold`);
    }
  }

  /** Who gets an alert of these labels: of several, in the order of their routes. */
  heardBy(labels: Labels): readonly Receiver[] {
    return this.ways(labels).map(({ receiver: its }) => its);
  }

  /** The same, with the times that each is told in. */
  ways(labels: Labels): readonly Way[] {
    return reached(this.#root, labels).map(({ receiver: name, times }) => ({
      receiver: this.receivers.get(name)!,
      times,
    }));
  }

  /**
   * The targets of all inhibitions that an alert may be the source of, as they are written. What these labels do not say may be
   * anything.
   */
  silencedBy(labels: Labels): readonly string[] {
    return this.#inhibitions
      .filter(({ source }) => source.every(matcher => !(matcher.label in labels) || matcher.matches(labels)))
      .map(({ target }) => target.join(', ') || 'everything');
  }

  /** Whether no route below the root takes it, or only such as pass it on: then it goes where mistakes go. */
  fallsThrough(labels: Labels): boolean {
    return reached(this.#root, labels).every(each => each === this.#root || each.continues);
  }

  /** The nobody-told-where receiver. */
  get fallback(): Receiver {
    return this.receivers.get(this.#root.receiver)!;
  }
}

interface WrittenRoute {
  readonly receiver?: string;
  readonly matchers?: readonly string[];
  readonly continue?: boolean;
  readonly mute_time_intervals?: readonly string[];
  readonly active_time_intervals?: readonly string[];
  readonly routes?: readonly WrittenRoute[];
}

interface Written {
  readonly route?: WrittenRoute;
  readonly receivers?: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
  readonly time_intervals?: readonly { readonly name: string }[];
  readonly inhibit_rules?: readonly WrittenInhibition[];
}

interface WrittenInhibition {
  readonly source_matchers?: readonly string[];
  readonly target_matchers?: readonly string[];
}

interface Inhibition {
  readonly source: readonly Matcher[];
  /** As written. */
  readonly target: readonly string[];
}

interface Node {
  readonly receiver: string;
  readonly matchers: readonly Matcher[];
  readonly continues: boolean;
  readonly times: readonly string[];
  readonly routes: readonly Node[];
}

const CHANNEL = /^(email|pagerduty|slack|sns|webhook)_configs$/;

function receiver({ name, ...rest }: { readonly name: string } & Readonly<Record<string, unknown>>): Receiver {
  const channels = Object.entries(rest).filter(([key, of]) => CHANNEL.test(key) && Array.isArray(of) && of.length > 0);
  return { name, channels: channels.map(([key]) => key as Channel) };
}

/** All that is read of a route, and what says only how alerts are put together. An older way to write matchers is not among it. */
const OF_A_ROUTE = [
  ...['receiver', 'matchers', 'continue', 'routes', 'mute_time_intervals', 'active_time_intervals'],
  ...['group_by', 'group_wait', 'group_interval', 'repeat_interval'],
];
const OF_AN_INHIBITION = ['source_matchers', 'target_matchers', 'equal'];

function known(what: string, written: object, keys: readonly string[]): void {
  const other = Object.keys(written).find(key => !keys.includes(key));
  if (other !== undefined) throw new Error(`${what} has ${other}; what is known here: ${keys.join(', ')}`);
}

function inhibition(written: WrittenInhibition): Inhibition {
  known('an inhibition', written, OF_AN_INHIBITION);
  const { source_matchers = [], target_matchers = [] } = written;
  return { source: source_matchers.map(parseMatcher), target: target_matchers };
}

/** A route without a receiver has its parent's; times are its own alone. */
function node(written: WrittenRoute, parents: string): Node {
  known('a route', written, OF_A_ROUTE);
  const { matchers = [], mute_time_intervals = [], active_time_intervals = [], routes = [], ...its } = written;
  const receiver = its.receiver ?? parents;
  return {
    receiver,
    matchers: matchers.map(parseMatcher),
    continues: its.continue === true,
    times: [...mute_time_intervals, ...active_time_intervals],
    routes: routes.map(each => node(each, receiver)),
  };
}

function below(route: Node): Node[] {
  return [route, ...route.routes.flatMap(below)];
}

/** Alertmanager's `Route.Match` (dispatch/route.go): depth first, the first that matches, and on where it says `continue`. */
function reached(route: Node, labels: Labels): Node[] {
  if (!route.matchers.every(matcher => matcher.matches(labels))) return [];
  const found: Node[] = [];
  for (const child of route.routes) {
    const here = reached(child, labels);
    found.push(...here);
    if (here.length > 0 && !child.continues) break;
  }
  return found.length > 0 ? found : [route];
}
