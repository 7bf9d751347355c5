import { Duration } from 'cdk8s';
import type { Severity } from '../alerting/alert.ts';

/** How fast a budget burns, and how soon a person must come. */
export interface Tier {
  readonly name: 'Fast' | 'Mid' | 'Slow' | 'Trickle';
  /** How many times faster than would use the budget up exactly at the end. */
  readonly burn: number;
  /** Long enough that it matters. */
  readonly long: Window;
  /** Short enough that it ends soon after the trouble; a twelfth of the long one. */
  readonly short: Window;
  readonly for: Duration;
  readonly severity: Severity;
}

/** The windows that are recorded, in seconds. */
export const WINDOWS = { '5m': 300, '30m': 1800, '1h': 3600, '2h': 7200, '6h': 21_600, '1d': 86_400, '3d': 259_200 };
export type Window = keyof typeof WINDOWS;

/**
 * Google's SRE workbook, chapter 5, with the third window that Sloth and Kubernetes' own rules have. In 30 days these are 2, 5,
 * 10 and 10 % of the budget.
 */
export const TIERS: readonly Tier[] = [
  { name: 'Fast', burn: 14.4, long: '1h', short: '5m', for: Duration.minutes(2), severity: 'P1' },
  { name: 'Mid', burn: 6, long: '6h', short: '30m', for: Duration.minutes(5), severity: 'P1' },
  { name: 'Slow', burn: 3, long: '1d', short: '2h', for: Duration.minutes(15), severity: 'P2' },
  { name: 'Trickle', burn: 1, long: '3d', short: '6h', for: Duration.hours(1), severity: 'P3' },
];

/** Whether so much can be bad at all. */
export function isPossible({ burn }: Tier, budget: number): boolean {
  return burn * budget < 1;
}

/** A number without the noise of binary fractions: 0.001, not 0.0009999999999999432. */
export function exact(number: number): number {
  return Number(number.toFixed(10));
}
