import type { EnvVar } from '../imports/kubernetes.ts';
import type { Workload } from './workload.ts';

/** Variables of a workload: plain values, secrets by reference, or what it is wired to. */
export type Env = Readonly<Record<string, EnvValue>>;

export type EnvValue = string | number | boolean | EnvSource;

/**
 * A value that brings along what it needs. Given to a workload it opens the network on both sides, asks for the secret, or
 * grants the right; nothing is named twice.
 */
export interface EnvSource {
  /** What it is, for people: `secret jwt/hs256`. */
  readonly says: string;
  bind(to: Workload, variable: string): Pick<EnvVar, 'value' | 'valueFrom'>;
}

/**
 * A reference. Put into a text it would open nothing and say nothing, so it refuses to be one.
 *
 * @param says what it is, for people
 */
export function reference<B extends EnvSource['bind']>(says: string, bind: B): { says: string; bind: B } {
  return Object.defineProperty({ says, bind }, 'toString', {
    value: () => {
      throw new Error(
        `a reference (${says}) stands inside a text; give it a variable of its own, A_URL, and write $(A_URL) in the text`,
      );
    },
  });
}

/** The variables of a workload, each bound once, when it is given. */
export class Environment {
  readonly #variables = new Map<string, { readonly place: number; readonly variable: EnvVar }>();
  #rendered = false;

  constructor(private readonly workload: Workload) {}

  /** @throws where a name is none or stands there already, or a value cannot be one */
  add(env: Env): void {
    for (const [name, value] of Object.entries(env)) {
      const fail = (given: string, remedy: string) => {
        throw new Error(`${this.workload.node.path}: ${given}; ${remedy}`);
      };
      if (this.#rendered)
        fail(`variable ${name} is given while it is rendered`, 'give it before: wires are drawn by then');
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        fail(`"${name}" is no name for a variable`, 'use letters, digits and _');
      if (this.#variables.has(name)) fail(`variable ${name} is given twice`, 'keep one');
      this.#variables.set(name, { place: place(value), variable: { name, ...bound(this.workload, name, value) } });
    }
  }

  /**
   * In an order of its own, so that the one in which an author writes changes nothing, and with what others name first:
   * Kubernetes expands `$(PASSWORD)` only where PASSWORD stands above.
   */
  get variables(): EnvVar[] {
    this.#rendered = true;
    const sorted = [...this.#variables.values()]
      .sort((a, b) => a.place - b.place || (a.variable.name < b.variable.name ? -1 : 1))
      .map(({ variable }) => variable);
    const placed = new Set<EnvVar>();
    const put = (variable: EnvVar, above: readonly EnvVar[]): void => {
      // Two that name each other stay as they are; a law tells of it.
      if (placed.has(variable) || above.includes(variable)) return;
      for (const [, name] of (variable.value ?? '').matchAll(/\$\((\w+)\)/g)) {
        const named = this.#variables.get(name!)?.variable;
        if (named !== undefined) put(named, [...above, variable]);
      }
      placed.add(variable);
    };
    for (const variable of sorted) put(variable, []);
    return [...placed];
  }
}

/** The variables of a container that runs beside a workload's own, in the order in which they are given. */
export function variablesOf(workload: Workload, env: Env): EnvVar[] {
  return Object.entries(env).map(([name, value]) => ({ name, ...bound(workload, name, value) }));
}

/** Secrets and references, then plain values, then values that name others. */
function place(value: EnvValue): number {
  if (isSource(value)) return 0;
  return String(value).includes('$(') ? 2 : 1;
}

function isSource(value: EnvValue | undefined | null): value is EnvSource {
  return typeof value === 'object' && value !== null && 'bind' in value;
}

function bound(
  workload: Workload,
  name: string,
  value: EnvValue | undefined | null,
): Pick<EnvVar, 'value' | 'valueFrom'> {
  if (isSource(value)) return value.bind(workload, name);
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
    return { value: String(value) };
  throw new Error(
    `${workload.node.path}: variable ${name} is ${String(value)}; give text, a number, true or false, or a reference such as secret('…')`,
  );
}
