import { type GenericSchema, type InferOutput, safeParse } from 'valibot';
import { type Cluster, TIERS, type Tier } from './cluster.ts';
import type { EnvSource } from './env.ts';

/** One setting: what is allowed, and its value, for all tiers or for each. */
export type Setting<S extends GenericSchema = GenericSchema> =
  | { readonly is: S; readonly value: InferOutput<S> }
  | ({ readonly is: S } & Readonly<Record<Tier, InferOutput<S>>>)
  | EnvSource;

export type Values<T> = { readonly [Name in keyof T]: string | number | boolean | EnvSource };

/**
 * The settings of one service as a table: a row each, with its schema and its value by tier. What it returns gives the
 * values for a cluster, all checked.
 *
 * @param service e.g. `zapora/api`, for errors
 * @throws when asked for values: every setting that is missing or wrong, with service, cluster, setting and reason
 */
export function settings<const T extends Readonly<Record<string, Setting>>>(
  service: string,
  rows: T,
): (cluster: Pick<Cluster, 'name' | 'tier'>) => Values<T> {
  return cluster => {
    const faults: string[] = [];
    const values: Record<string, unknown> = {};
    for (const [name, row] of Object.entries(rows)) {
      if ('bind' in row) {
        values[name] = row;
        continue;
      }
      const unknown = Object.keys(row).filter(
        key => key !== 'is' && key !== 'value' && !(TIERS as readonly string[]).includes(key),
      );
      if (unknown.length > 0)
        faults.push(`setting ${name} has ${unknown.join(', ')}; the tiers are ${TIERS.join(', ')}`);
      const value = 'value' in row ? row.value : (row as Record<Tier, unknown>)[cluster.tier];
      const result = safeParse(row.is, value);
      if (value === undefined) {
        faults.push(`setting ${name} is missing; give it a value, or one for each of ${TIERS.join(', ')}`);
      } else if (!result.success) {
        faults.push(
          `setting ${name} is ${JSON.stringify(value)}; ${result.issues.map(issue => issue.message).join(', ')}`,
        );
      } else {
        values[name] = result.output;
      }
    }
    if (faults.length > 0) throw new Error(faults.map(fault => `${service} in ${cluster.name}: ${fault}`).join('\n'));
    return values as Values<T>;
  };
}
