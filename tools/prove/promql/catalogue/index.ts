import { type Metric, metricOf } from '../metric.ts';
import { ARGOCD } from './argocd.ts';
import { BLACKBOX_EXPORTER } from './blackbox-exporter.ts';
import { CERT_MANAGER } from './cert-manager.ts';
import { EXTERNAL_SECRETS } from './external-secrets.ts';
import { HAPROXY } from './haproxy.ts';
import { KEDA } from './keda.ts';
import { KUBE_STATE_METRICS } from './kube-state-metrics.ts';
import { KUBELET } from './kubelet.ts';
import { OTEL_COLLECTOR } from './otel-collector.ts';
import { PATRONI } from './patroni.ts';
import { PGBOUNCER_EXPORTER } from './pgbouncer-exporter.ts';
import { POSTGRES_EXPORTER } from './postgres-exporter.ts';
import { PROMETHEUS } from './prometheus.ts';
import { REDIS_EXPORTER } from './redis-exporter.ts';
import { RESTORE_PROOF } from './restore-proof.ts';

/**
 * What programs that are not ours tell of themselves, a line each: name, labels, type, a histogram's bounds or a gauge's least
 * and greatest value. Read from the source of the release that the file names; the useful ones, not all.
 */
const TEXTS = [
  ARGOCD,
  BLACKBOX_EXPORTER,
  CERT_MANAGER,
  EXTERNAL_SECRETS,
  HAPROXY,
  KEDA,
  KUBE_STATE_METRICS,
  KUBELET,
  OTEL_COLLECTOR,
  PATRONI,
  PGBOUNCER_EXPORTER,
  POSTGRES_EXPORTER,
  PROMETHEUS,
  REDIS_EXPORTER,
  RESTORE_PROOF,
];

let metrics: readonly Metric[] | undefined;

/** @throws where a line is none */
export function catalogue(): readonly Metric[] {
  metrics ??= TEXTS.flatMap(text =>
    text
      .trim()
      .split('\n')
      .map(line => {
        const metric = metricOf(line);
        if (metric === undefined)
          throw new Error(`tools/prove/promql/catalogue: "${line}" is no metric; mend the line`);
        return metric;
      }),
  );
  return metrics;
}
