import { kindOf } from '../../render/manifest.ts';
import { push } from '../groups.ts';
import type { Problem, Unit } from '../rule.ts';
import { PROMETHEUS_RULE, type Rule, rulesOf } from './asked.ts';
import type { Metric } from './metric.ts';

/** A series that Prometheus computes. */
export interface Recorded {
  readonly text: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Every series that somebody tells, by name: programs, the unit's own services, and rules of the unit's and the platform's. */
export class Metrics {
  /** What was found wrong with a question, by its text. */
  readonly verdicts = new Map<string, readonly Problem[]>();
  /** Labels of series, once they were looked for. */
  readonly labels = new Map<string, ReadonlySet<string> | undefined>();
  readonly #told = new Map<string, Metric[]>();
  readonly #recorded = new Map<string, Recorded[]>();
  readonly #families: Metric[] = [];

  constructor(told: Iterable<Metric>, recorded: Iterable<readonly [string, Recorded]>) {
    for (const metric of told) {
      if (metric.name.endsWith('*')) this.#families.push(metric);
      else push(this.#told, metric.name, metric);
    }
    for (const [name, each] of recorded) push(this.#recorded, name, each);
  }

  recorded(name: string): readonly Recorded[] {
    return this.#recorded.get(name) ?? [];
  }

  /** Who tells a series, by its name in PromQL: a histogram's has `_bucket`, `_count` or `_sum`. */
  told(name: string): readonly Metric[] {
    const [, base, suffix] = /^(.+)_(bucket|count|sum)$/.exec(name) ?? [];
    const parts = base === undefined ? [] : (this.#told.get(base) ?? []).filter(({ type }) => hasPart(type, suffix!));
    const whole = (this.#told.get(name) ?? []).filter(({ type }) => type !== 'histogram');
    const found = [...whole, ...parts];
    return found.length > 0 ? found : this.#families.filter(family => name.startsWith(family.name.slice(0, -1)));
  }

  /** The name is a histogram's own, which no series has. */
  isBare(name: string): boolean {
    return this.#told.get(name)?.some(({ type }) => type === 'histogram') ?? false;
  }

  *names(): Iterable<string> {
    yield* this.#recorded.keys();
    for (const [name, [first]] of this.#told) {
      if (first!.type !== 'histogram') yield name;
      if (first!.type === 'histogram') yield `${name}_bucket`;
      if (first!.type === 'histogram' || first!.type === 'summary') yield* [`${name}_count`, `${name}_sum`];
    }
  }
}

function hasPart(type: Metric['type'], suffix: string): boolean {
  return type === 'histogram' || (type === 'summary' && suffix !== 'bucket');
}

/** What the rules of a unit compute, by name: the platform's are every unit's. */
export function recordedIn({ objects }: Pick<Unit, 'objects'>): [string, Recorded][] {
  return objects
    .filter(({ manifest }) => kindOf(manifest) === PROMETHEUS_RULE)
    .flatMap(({ manifest }) => rulesOf(manifest).filter(({ record }) => record !== undefined))
    .map(({ record, expr, labels = {} }: Rule) => [record!, { text: String(expr ?? ''), labels }]);
}
