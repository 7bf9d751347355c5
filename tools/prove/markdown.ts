/**
 * A Markdown table whose source reads as well as its print, the first row its head.
 *
 * @param aligned columns that are padded; sentences would push each other off the screen. @default all
 */
export function markdownTable(rows: readonly (readonly string[])[], aligned = Number.POSITIVE_INFINITY): string[] {
  const cells = rows.map(row => row.map(cell => cell.replaceAll('|', '\\|')));
  const [head = [], ...rest] = cells;
  const widths = head.map((_, column) => (column < aligned ? Math.max(...cells.map(row => row[column]!.length)) : 0));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const under = head.map((cell, column) => '-'.repeat(Math.max(cell.length, widths[column]!)));
  return [line(head), line(under), ...rest.map(line)];
}
