import type { Cluster } from '../../../charts/index.ts';
import { budget, CRITICAL, replicas, resources } from './pieces.ts';
import type { PlacedAddon } from './placed.ts';

const NAME = 'prometheus-blackbox-exporter';

/** Asks the systems' hosts as a browser would, and tells Prometheus what came of it; a Probe says whom, and how often. */
export function prometheusBlackboxExporter(cluster: Cluster): PlacedAddon {
  const pods = replicas(cluster);
  const { enabled, ...podDisruptionBudget } = budget(pods);
  return {
    name: NAME,
    namespace: 'monitoring',
    // Its ServiceMonitor waits for the operator's definitions.
    starts: 'after platform',
    // Prometheus' own namespace, and so as open as that is.
    podSecurity: 'privileged',
    source: {
      repository: 'https://prometheus-community.github.io/helm-charts',
      chart: NAME,
      version: '11.18.0',
    },
    values: {
      replicas: pods,
      // The chart takes the budget's own fields, and makes none where there are none.
      podDisruptionBudget: enabled ? podDisruptionBudget : {},
      priorityClassName: CRITICAL,
      resources: resources('10m', '32Mi', '128Mi'),
      config: {
        modules: {
          http_2xx: {
            prober: 'http',
            // Below the time of a scrape, or a slow answer would be no answer and not a failure.
            timeout: '5s',
            http: {
              valid_http_versions: ['HTTP/1.1', 'HTTP/2.0'],
              // A page that sends people elsewhere is not the page.
              follow_redirects: false,
              preferred_ip_protocol: 'ip4',
              // A host answers by TLS, or it is not what its users reach.
              fail_if_not_ssl: true,
              // Where no browser knows who signs, nor does it.
              ...(trusted(cluster) ? {} : { tls_config: { insecure_skip_verify: true } }),
            },
          },
        },
      },
      // Of the exporter itself; whom it asks stands in the systems' Probes.
      serviceMonitor: { selfMonitor: { enabled: true } },
    },
  };
}

function trusted({ certificates }: Cluster): boolean {
  return certificates.issuer === 'letsencrypt' && certificates.environment === 'production';
}
