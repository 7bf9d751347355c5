/** One picture on a dashboard. */
export interface Panel {
  readonly title: string;
  /** What one learns from it, where the title does not say it all. */
  readonly description?: string;
  /** Grafana's name of the unit: `reqps`, `percentunit` (0 to 1), `s`, `bytes`, `short`. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** A course over time, or the latest value alone. @default graph */
  readonly shows?: 'graph' | 'number';
  /** Where an alert fires: drawn as a line. */
  readonly limit?: number;
}

export interface Query {
  /** PromQL; `$__rate_interval` is the shortest window that the picture's resolution allows. */
  readonly expr: string;
  /** What a line is called: `{{pod}}`. @default all labels */
  readonly legend?: string;
}

/** Panels that belong together, under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}
