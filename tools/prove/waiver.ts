/** An agreed exception to a rule, as found in one unit's tree. */
export interface PlacedWaiver {
  readonly cluster: string;
  /** The construct that carries it; it excuses that construct and all below. */
  readonly construct: string;
  /** The rule's name, as `npm run rules` prints it. */
  readonly rule: string;
  readonly reason: string;
  readonly owner: string;
  /** Last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
}
