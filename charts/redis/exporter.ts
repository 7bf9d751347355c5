import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { METRICS, TLS } from '../conventions.ts';
import { scrape } from '../metrics.ts';
import { secret } from '../secret.ts';
import type { Companion, Workload } from '../workload.ts';
import { passwordPath, used } from './acl.ts';
import { REDIS_PORT } from './config.ts';
import { IMAGES } from './image.ts';

const PORT = 9121;

/** Lets Prometheus ask the exporter of each pod. Once, when the workload is made. */
export function scrapeExporter(workload: Workload): void {
  scrape(workload, { port: PORT });
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
