import { markdownTable } from '../prove/markdown.ts';
import { allowed, type Schema } from './allowed.ts';

/** The settings of one service, as its system exports them. */
export interface Service {
  /** E.g. `zapora/api`. */
  readonly service: string;
  /** By name, each a schema (`is`) with a value for all tiers or for each, or a reference that says what it is. */
  readonly rows: Readonly<Record<string, object>>;
}

/** Where the system runs; what a value may follow from. */
export interface Site {
  readonly tier: string;
}

/** Every setting of a system, what is allowed and what it is in each tier, as Markdown whose source reads as well as its print. */
export function asMarkdown(services: readonly Service[], sites: readonly Site[], tiers: readonly string[]): string {
  return services
    .map(({ service, rows }) => {
      const lines = Object.entries(rows).map(([name, row]) => [
        name,
        'is' in row ? quoted(allowed(row.is as Schema)) : 'reference',
        ...tiers.map(tier => cell(row, tier, sites)),
      ]);
      return [
        `## ${service}`,
        '',
        ...markdownTable([['setting', 'allowed', ...tiers], ...lines], { widest: WIDEST }),
        '',
      ].join('\n');
    })
    .join('\n');
}

/** The value in a tier; where it follows from the cluster, each that there is. */
function cell(row: object, tier: string, sites: readonly Site[]): string {
  if ('says' in row) return quoted(row.says);
  const given = 'value' in row ? row.value : (row as Readonly<Record<string, unknown>>)[tier];
  const values =
    typeof given === 'function'
      ? sites.filter(site => site.tier === tier).map(site => given(site) as unknown)
      : [given];
  return values.length === 0 ? NOTHING : [...new Set(values.map(quoted))].join(', ');
}

const NOTHING = '–';

/** As code where Markdown would take it for something else. */
function quoted(value: unknown): string {
  if (value === undefined) return NOTHING;
  const text = String(value);
  if (text === '' || text.includes('\n')) return `\`${JSON.stringify(text)}\``;
  if (!/[*`<>\\|[\]~$&]|^\s|\s$/.test(text)) return text;
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Longer cells stand out to the right instead of widening their column. */
const WIDEST = 48;
