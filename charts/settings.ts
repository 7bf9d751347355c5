import { type GenericSchema, type InferOutput, safeParse } from 'valibot';
import { type Site, TIERS, type Tier } from './cluster.ts';
import type { EnvSource } from './env.ts';

/** A value, or how it follows from the site, as in `site => \`https://api.${site.domain}\``. */
type Given<V> = V | ((site: Site) => V);

/** What is allowed, and the value, for all tiers or for each. `undefined`, where the schema takes it, leaves the variable out. */
type Row<S extends GenericSchema, V> = { readonly is: S } & (
  | { readonly value: Given<V> }
  | Readonly<Record<Tier, Given<V>>>
);

/** One setting: a value that is checked, or a reference such as `secret('…')`. */
export type Setting = Row<GenericSchema, string | number | boolean | undefined> | EnvSource;

/** Holds the values of a row to its own schema. */
type Checked<R> = R extends { readonly is: infer S extends GenericSchema } ? Row<S, InferOutput<S>> : R;

/** A row without a reference is a plain value, and may go where no reference can: into a page's `/config.json`. */
export type Values<T> = {
  readonly [Name in keyof T]: T[Name] extends EnvSource ? EnvSource : string | number | boolean;
};

/** The settings of one service: called with a site it gives the values there, all checked. */
export interface Settings<T> {
  (site: Site): Values<T>;
  /** E.g. `zapora/api`. */
  readonly service: string;
  readonly rows: T;
}

/**
 * The settings of one service as a table: a row each, with its schema and its value by tier.
 *
 * @param service e.g. `zapora/api`, for errors
 * @throws when asked for values: every setting that is missing or wrong, with service, setting and reason
 */
export function settings<const T extends Readonly<Record<string, Setting>>>(
  service: string,
  rows: T & { readonly [Name in keyof T]: Checked<T[Name]> },
): Settings<T> {
  return Object.assign((site: Site) => valuesOf(service, rows, site) as Values<T>, { service, rows });
}

function valuesOf(service: string, rows: Readonly<Record<string, Setting>>, site: Site): Record<string, unknown> {
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
    const tiers = TIERS.filter(tier => tier in row);
    if ('value' in row && tiers.length > 0)
      faults.push(`setting ${name} has a value for all tiers and one for ${tiers.join(', ')}; keep one of the two`);
    if (unknown.length > 0) faults.push(`setting ${name} has ${unknown.join(', ')}; the tiers are ${TIERS.join(', ')}`);
    const place = 'value' in row ? 'value' : site.tier;
    const given = (row as Readonly<Record<string, unknown>>)[place];
    const value = typeof given === 'function' ? called(given as (site: Site) => unknown, site, name, service) : given;
    const result = safeParse(row.is, value);
    // A tier must be written even where nothing is allowed: what is forgotten does not look like what is left out.
    if (!(place in row) || (value === undefined && !result.success)) {
      faults.push(`setting ${name} is missing; give it a value, or one for each of ${TIERS.join(', ')}`);
    } else if (!result.success) {
      faults.push(
        `setting ${name} is ${JSON.stringify(value)}; ${result.issues.map(issue => issue.message).join(', ')}`,
      );
    } else if (result.output !== undefined) {
      values[name] = result.output;
    }
  }
  if (faults.length > 0) throw new Error(faults.map(fault => `${service}: ${fault}`).join('\n'));
  return values;
}

function called(given: (site: Site) => unknown, site: Site, name: string, service: string): unknown {
  try {
    return given(site);
  } catch (error) {
    throw new Error(`${service}: setting ${name} threw ${(error as Error).message}; mend its function`);
  }
}
