/**
 * A Markdown table whose source reads as well as its print, the first row its head.
 *
 * @param aligned columns that are padded; sentences would push each other off the screen. @default all
 * @param widest longer cells stand out to the right instead of widening their column. @default none is too long
 */
export function markdownTable(
  rows: readonly (readonly string[])[],
  { aligned = Number.POSITIVE_INFINITY, widest = Number.POSITIVE_INFINITY } = {},
): string[] {
  const cells = rows.map(row => row.map(cell => cell.replaceAll('|', '\\|')));
  const [head = [], ...rest] = cells;
  const lengths = (column: number) => cells.map(row => row[column]!.length).filter(length => length <= widest);
  const widths = head.map((_, column) => (column < aligned ? Math.max(...lengths(column)) : 0));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const under = head.map((cell, column) => '-'.repeat(Math.max(cell.length, widths[column]!)));
  return [line(head), line(under), ...rest.map(line)];
}
