/** Text in OTTL, the language of the collector's transformations; the collector takes a bare $ for a variable of its own. */
export function text(value: string): string {
  return JSON.stringify(value).replaceAll('$', '$$$$');
}

/** The first of some attributes that is there, put into another. Later ones are tried only while it is not. */
export function firstOf(target: string, from: readonly string[], attributes = 'log.attributes'): string[] {
  return from
    .filter(name => `${attributes}[${text(name)}]` !== target)
    .map(
      name =>
        `set(${target}, ${attributes}[${text(name)}]) where ${target} == nil and ${attributes}[${text(name)}] != nil`,
    );
}
