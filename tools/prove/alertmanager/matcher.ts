export type Labels = Readonly<Record<string, string>>;

/** What an alert must be for a route: one label, compared. A label that it lacks is empty. */
export interface Matcher {
  readonly label: string;
  matches(labels: Labels): boolean;
}

const FORM = /^\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^"]*)\s*$/;

/**
 * Alertmanager's way to write a matcher: `severity=~"P1|critical"`. Expressions match the whole value.
 *
 * @throws where it is none
 */
export function parseMatcher(text: string): Matcher {
  const [, label, operator, quoted] = FORM.exec(text) ?? [];
  if (label === undefined || quoted === undefined) throw new Error(`${text} is no matcher`);
  const value = quoted.startsWith('"') ? (JSON.parse(quoted) as string) : quoted.trim();
  if (operator === '=' || operator === '!=')
    return { label, matches: labels => ((labels[label] ?? '') === value) === (operator === '=') };
  const whole = new RegExp(`^(?:${value})$`, 's');
  return { label, matches: labels => whole.test(labels[label] ?? '') === (operator === '=~') };
}
