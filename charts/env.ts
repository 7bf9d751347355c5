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
  bind(to: Workload, variable: string): Pick<EnvVar, 'value' | 'valueFrom'>;
}

/** A workload's environment, bound once. */
export class Environment {
  readonly #variables: EnvVar[];

  constructor(workload: Workload, env: Env) {
    this.#variables = Object.entries(env)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => {
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
          throw new Error(`${workload.node.path}: "${name}" is no name for a variable; use letters, digits and _`);
        }
        return { name, ...bound(workload, name, value) };
      });
  }

  /** Sorted by name, so that the order in which an author writes them changes nothing. */
  variables(): EnvVar[] {
    return this.#variables;
  }
}

function bound(
  workload: Workload,
  name: string,
  value: EnvValue | undefined | null,
): Pick<EnvVar, 'value' | 'valueFrom'> {
  if (typeof value === 'object' && value !== null && 'bind' in value) return value.bind(workload, name);
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
    return { value: String(value) };
  throw new Error(
    `${workload.node.path}: variable ${name} is ${String(value)}; give text, a number, true or false, or a reference such as secret('…')`,
  );
}
