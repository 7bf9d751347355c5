import { pathToFileURL } from 'node:url';
import { exceptions, type RuleRow, rules } from './index.ts';
import { markdownTable } from './markdown.ts';

/** Every rule and every practice we do not follow, as Markdown whose source reads as well as its print. */
export function rulesAsMarkdown(): string {
  const rows = rules().map(({ name, level, demands, except }: RuleRow) => [name, level, demands, except ?? '']);
  const practices = exceptions.map(({ practice, instead }) => [practice, instead]);
  return [
    ...markdownTable([['rule', 'level', 'demands', 'except'], ...rows], { aligned: 2 }),
    '',
    'What practice often asks for and these rules do not:',
    '',
    ...markdownTable([['practice', 'instead'], ...practices]),
    '',
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.stdout.write(rulesAsMarkdown());
