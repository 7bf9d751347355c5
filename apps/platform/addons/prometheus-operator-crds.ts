import type { PlacedAddon } from './placed.ts';

const NAME = 'prometheus-operator-crds';

/**
 * The kinds of the Prometheus Operator, before everybody who makes objects of them: the platform unit, and charts with a
 * ServiceMonitor. Its version is that of the operator in kube-prometheus-stack: 31.0.0 brings 0.93.0.
 */
export function prometheusOperatorCrds(): PlacedAddon {
  return {
    name: NAME,
    namespace: 'monitoring',
    starts: 'first',
    // Prometheus' own namespace, and so as open as that is.
    podSecurity: 'privileged',
    source: { repository: 'https://prometheus-community.github.io/helm-charts', chart: NAME, version: '31.0.0' },
    values: {},
  };
}
