import { parse } from 'yaml';
import { type Labels, type Matcher, parseMatcher } from './matcher.ts';

/** The ways to reach somebody that a receiver may have, by Alertmanager's own names. */
export type Channel = 'email_configs' | 'pagerduty_configs' | 'slack_configs' | 'sns_configs' | 'webhook_configs';

export interface Receiver {
  readonly name: string;
  readonly channels: readonly Channel[];
}

/** Alertmanager's configuration, as far as it says who hears an alert. */
export class Tree {
  readonly receivers: ReadonlyMap<string, Receiver>;
  readonly #root: Node;

  /** @param text of `alertmanager.yaml` @throws where it is no configuration, or names what it does not hold */
  constructor(text: string) {
    const { route, receivers = [], time_intervals = [] } = (parse(text) ?? {}) as Written;
    if (!route?.receiver) throw new Error('it has no route with a receiver');
    this.receivers = new Map(receivers.map(each => [each.name, receiver(each)]));
    if (this.receivers.size < receivers.length) throw new Error('two receivers have one name');
    const intervals = new Set(time_intervals.map(({ name }) => name));
    this.#root = node(route, route.receiver);
    for (const { receiver: name, muted } of below(this.#root)) {
      if (!this.receivers.has(name)) throw new Error(`a route leads to the receiver ${name}, which it does not hold`);
      const unknown = muted.find(each => !intervals.has(each));
      if (unknown !== undefined) throw new Error(`a route is muted in ${unknown}, which it does not hold`);
    }
  }

  /** Who gets an alert of these labels: of several, in the order of their routes. */
  heardBy(labels: Labels): readonly Receiver[] {
    return reached(this.#root, labels).map(({ receiver: name }) => this.receivers.get(name)!);
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
  readonly routes?: readonly WrittenRoute[];
}

interface Written {
  readonly route?: WrittenRoute;
  readonly receivers?: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
  readonly time_intervals?: readonly { readonly name: string }[];
}

interface Node {
  readonly receiver: string;
  readonly matchers: readonly Matcher[];
  readonly continues: boolean;
  readonly muted: readonly string[];
  readonly routes: readonly Node[];
}

const CHANNEL = /^(email|pagerduty|slack|sns|webhook)_configs$/;

function receiver({ name, ...rest }: { readonly name: string } & Readonly<Record<string, unknown>>): Receiver {
  const channels = Object.entries(rest).filter(([key, of]) => CHANNEL.test(key) && Array.isArray(of) && of.length > 0);
  return { name, channels: channels.map(([key]) => key as Channel) };
}

/** A route without a receiver has its parent's. */
function node({ matchers = [], mute_time_intervals = [], routes = [], ...its }: WrittenRoute, parents: string): Node {
  const receiver = its.receiver ?? parents;
  return {
    receiver,
    matchers: matchers.map(parseMatcher),
    continues: its.continue === true,
    muted: mute_time_intervals,
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
