import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { PodMonitor } from '../../imports/custom.ts';
import { INSTANCE, METRICS, TLS } from '../conventions.ts';
import { KubeObject } from '../kube-object.ts';
import { scrape } from '../metrics.ts';
import { secret } from '../secret.ts';
import type { Companion, Workload } from '../workload.ts';
import { passwordPath, used } from './acl.ts';
import { REDIS_PORT, SENTINEL_PORT } from './config.ts';
import { IMAGES } from './image.ts';

const PORT = 9121;

/** Lets Prometheus ask the exporter of each pod. Once, when the workload is made. */
export function scrapeExporter(workload: Workload): void {
  scrape(workload, { port: PORT });
}

/**
 * Lets Prometheus ask the same exporters for the Sentinel in their pod. Only what is Sentinel's is kept, under an `endpoint` of its own:
 * the rest has the names of what the server tells.
 */
export function scrapeSentinels(workload: Workload): void {
  const metadata = { ...workload.metadata(), name: `${workload.name}-sentinels` };
  new KubeObject<PodMonitor>(
    workload,
    'sentinel-monitor',
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'PodMonitor', metadata },
    {
      spec: {
        jobLabel: INSTANCE,
        podMetricsEndpoints: [
          {
            interval: '30s',
            metricRelabelings: [{ action: 'keep', regex: 'redis_sentinel_.*', sourceLabels: ['__name__'] }],
            params: { target: [`rediss://localhost:${SENTINEL_PORT}`] },
            path: '/scrape',
            port: METRICS,
            relabelings: [{ action: 'replace', replacement: 'sentinel', targetLabel: 'endpoint' }],
          },
        ],
        selector: { matchLabels: workload.selector },
      },
    },
  );
}

/**
 * What tells Prometheus of the server beside it.
 * @param password the generation of the servers' own passwords
 */
export function exporter(workload: Workload, password?: number): Companion {
  const path = passwordPath(workload.name, 'exporter', used(password));
  return {
    size: {
      cpu: Cpu.millis(10),
      cpuLimit: Cpu.millis(200),
      memory: Size.mebibytes(64),
      ephemeralStorage: Size.mebibytes(16),
    },
    container: {
      name: 'exporter',
      image: IMAGES.exporter,
      env: [
        { name: 'REDIS_PASSWORD', ...secret(path).bind(workload, `EXPORTER_PASSWORD_${used(password)}`) },
        // Its certificate names it so, for whoever stands in the same pod.
        { name: 'REDIS_ADDR', value: `rediss://localhost:${REDIS_PORT}` },
        // It would ask for what shows passwords, and may not.
        { name: 'REDIS_EXPORTER_CONFIG_COMMAND', value: '-' },
        { name: 'REDIS_EXPORTER_TLS_CA_CERT_FILE', value: `${TLS}/ca.crt` },
        { name: 'REDIS_USER', value: 'exporter' },
      ],
      livenessProbe: {
        failureThreshold: 3,
        httpGet: { path: '/health', port: METRICS, scheme: 'HTTP' },
        periodSeconds: 30,
        successThreshold: 1,
        timeoutSeconds: 5,
      },
      readinessProbe: {
        failureThreshold: 3,
        httpGet: { path: '/', port: METRICS, scheme: 'HTTP' },
        periodSeconds: 10,
        successThreshold: 1,
        timeoutSeconds: 5,
      },
      ports: [{ name: METRICS, containerPort: PORT, protocol: 'TCP' }],
      volumeMounts: [{ name: 'tls', mountPath: TLS, readOnly: true }],
    },
  };
}
