import { pathToFileURL } from 'node:url';
import { exceptions, type RuleRow, rules } from './index.ts';

/** Every rule and every practice we do not follow, as Markdown whose source reads as well as its print. */
export function rulesAsMarkdown(): string {
  const rows = rules().map(({ name, level, demands, except }: RuleRow) => [name, level, demands, except ?? '']);
  const practices = exceptions.map(({ practice, instead }) => [practice, instead]);
  return [
    ...table(['rule', 'level', 'demands', 'except'], rows),
    '',
    'What practice often asks for and these rules do not:',
    '',
    ...table(['practice', 'instead'], practices),
    '',
  ].join('\n');
}

/** Columns aligned, but for the last ones, whose sentences would push each other off the screen. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => (column > 1 ? 0 : Math.max(...[head, ...rows].map(row => row[column]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.replaceAll('|', '\\|').padEnd(width(column))).join(' | ')} |`;
  return [
    line(head),
    `| ${head.map((cell, column) => '-'.repeat(Math.max(cell.length, width(column)))).join(' | ')} |`,
    ...rows.map(line),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.stdout.write(rulesAsMarkdown());
