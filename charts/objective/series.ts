/** The series of an objective; each has the labels `slo`, `service` and `namespace`. */
export const SLI = {
  /** Events by the second. */
  total: (window: string) => `slo:sli_total:rate${window}`,
  /** Bad ones by the second. */
  bad: (window: string) => `slo:sli_bad:rate${window}`,
  /** The share of bad ones, from 0 to 1; none while nothing happens. */
  ratio: (window: string) => `slo:sli_bad:ratio_rate${window}`,
  /** What is promised, such as 0.999. */
  objective: 'slo:objective:ratio',
  /** What may be bad, such as 0.001. */
  budget: 'slo:error_budget:ratio',
  /** What is left of that: 1 is all, below 0 the promise is broken. */
  remaining: 'slo:error_budget_remaining:ratio',
} as const;
