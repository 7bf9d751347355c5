import type { Finding } from '../../render/finding.ts';
import { kindOf, type Rendered } from '../../render/manifest.ts';
import { alertsOf, PROMETHEUS_RULE } from '../promql/asked.ts';
import type { Unit } from '../rule.ts';

export const alertOnce = {
  name: 'alert-once',
  demands: 'In a cluster two alerts that concern the same namespace, service and objective are called differently.',
};

/** Remembers where each alert stands. */
export class AlertOnce {
  readonly #places = new Map<string, string>();
  readonly #findings: Finding[] = [];

  see({ cluster, objects }: Unit): void {
    for (const object of objects) {
      if (object.manifest.kind !== 'PrometheusRule' || kindOf(object.manifest) !== PROMETHEUS_RULE) continue;
      for (const { alert, labels = {} } of alertsOf(object.manifest)) {
        const { namespace, service, slo } = labels;
        const key = JSON.stringify([cluster.name, alert, namespace, service, slo]);
        const place = this.#places.get(key);
        if (place === undefined) this.#places.set(key, object.construct);
        else this.#findings.push(finding(cluster.name, object, `${alert} of ${service} in ${namespace}`, place));
      }
    }
  }

  findings(): readonly Finding[] {
    return this.#findings;
  }
}

function finding(cluster: string, { construct, file }: Rendered, alert: string, place: string): Finding {
  return {
    cluster,
    construct,
    rule: alertOnce.name,
    given: `the alert ${alert} stands in ${place} already`,
    remedy: 'call one of them otherwise: a person who is told both could not tell which is which, nor silence one',
    file,
  };
}
