import { createHash } from 'node:crypto';
import { Construct } from 'constructs';
import type { ConfigMap } from '../../imports/kubernetes.ts';
import { type KubeMetadata, KubeObject } from '../kube-object.ts';
import { grafana, type Title } from './grafana.ts';
import type { Row } from './panel.ts';

/** Marks what Grafana's sidecar loads (the chart's own default label). */
const MARK = { grafana_dashboard: '1' };

/** A dashboard in Grafana, made of what its constructs show. It is there from the first row on. */
export class Dashboard extends Construct {
  readonly #title: Title;
  readonly #rows: (() => readonly Row[])[] = [];

  constructor(
    scope: Construct,
    title: Title,
    private readonly metadata: () => KubeMetadata,
  ) {
    super(scope, 'dashboard');
    this.#title = { ...title, uid: shortened(title.uid) };
  }

  /** Shows more, below what is there; asked for at render, when all wiring is known. */
  show(rows: () => readonly Row[]): void {
    if (this.#rows.length === 0) this.#object();
    this.#rows.push(rows);
  }

  /** How its address ends; nothing where it shows nothing. */
  get uid(): string | undefined {
    return this.#rows.length > 0 ? this.#title.uid : undefined;
  }

  #object(): void {
    const metadata = this.metadata();
    new KubeObject<ConfigMap>(
      this,
      'config-map',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { ...metadata, name: `${metadata.name}-dashboard`, labels: { ...metadata.labels, ...MARK } },
      },
      () => {
        const rows = this.#rows.flatMap(each => each()).filter(({ panels }) => panels.length > 0);
        return { data: { [`${this.#title.uid}.json`]: grafana(this.#title, rows) } };
      },
    );
  }
}

/** Grafana takes 40 characters. */
function shortened(uid: string): string {
  if (uid.length <= 40) return uid;
  return `${uid.slice(0, 31)}-${createHash('sha256').update(uid).digest('hex').slice(0, 8)}`;
}
