/**
 * Refuses options that nobody knows. `synth` does not type-check, and a misspelt `operatorOnly` would open what it was to
 * close.
 *
 * @param known every option there is; typed so that a new one cannot be forgotten
 */
export function closed<T extends object>(
  path: string,
  given: T,
  known: Readonly<Record<keyof T, true>>,
  what = '',
): void {
  for (const option of Object.keys(given)) {
    if (option in known) continue;
    throw new Error(`${path}: ${what}${option} is no option; there are ${Object.keys(known).join(', ')}`);
  }
}
