import type { End, Wire } from '../prove/rule.ts';

/**
 * Who may talk to whom, as a Mermaid flowchart: workloads in a box per namespace, what is outside the unit around them, and on
 * each arrow the port. Workloads without a wire are there too.
 *
 * @param workloads of the unit, by namespace
 */
export function picture(wiring: readonly Wire[], workloads: ReadonlyMap<string, readonly string[]>): string {
  const outside = new Map<string, string>();
  for (const { from, to } of wiring) {
    for (const end of [from, to]) if (end.is !== 'workload') outside.set(idOf(end), shapeOf(end));
  }
  const boxes = [...workloads]
    .sort(byKey)
    .flatMap(([namespace, names]) => [
      `  subgraph ${quoted(namespace)}`,
      ...[...names].sort().map(name => `    ${id(`${namespace}/${name}`)}[${quoted(name)}]`),
      '  end',
    ]);
  return [
    '```mermaid',
    'flowchart LR',
    ...[...outside]
      .sort(byKey)
      .filter(([key]) => key.startsWith('in '))
      .map(([key, shape]) => `  ${id(key)}${shape}`),
    ...boxes,
    ...[...outside]
      .sort(byKey)
      .filter(([key]) => !key.startsWith('in '))
      .map(([key, shape]) => `  ${id(key)}${shape}`),
    ...arrows(wiring),
    '```',
  ].join('\n');
}

/** One arrow between two ends, whatever the number of ports. */
function arrows(wiring: readonly Wire[]): string[] {
  const ports = new Map<string, number[]>();
  for (const { from, to, port } of wiring) {
    const key = `${id(idOf(from))} -->|PORTS| ${id(idOf(to))}`;
    ports.set(key, [...new Set([...(ports.get(key) ?? []), port])]);
  }
  return [...ports]
    .sort(byKey)
    .map(([key, list]) => `  ${key.replace('PORTS', list.sort((a, b) => a - b).join(', '))}`);
}

function idOf(end: End): string {
  if (end.is === 'workload') return `${end.namespace}/${end.name}`;
  if (end.is === 'pods') return `in ${end.called}`;
  return end.is === 'hosts' ? `out ${end.called}` : 'out API server';
}

function shapeOf(end: End): string {
  if (end.is === 'pods') return `([${quoted(end.called)}])`;
  if (end.is === 'hosts') return `{{${quoted([end.called, ...end.hosts].join('<br/>'))}}}`;
  return `{{${quoted('the API server')}}}`;
}

/** Mermaid's identifiers are letters, digits and _; two texts never share one. */
function id(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, sign =>
    sign === '-' ? '__' : sign === '/' || sign === ' ' ? '_' : `_${sign.charCodeAt(0)}_`,
  );
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', "'")}"`;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
