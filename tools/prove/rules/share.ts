/** A number, or a percentage of `whole` rounded as the controller in question rounds. */
export function share(value: number | string, whole: number, round: (value: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseFloat(value) / 100) * whole);
}
