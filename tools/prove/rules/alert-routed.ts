import type { Finding } from '../../render/finding.ts';
import type { Manifest } from '../../render/manifest.ts';
import { alertsIn, configIn } from '../alertmanager/find.ts';
import type { Labels } from '../alertmanager/matcher.ts';
import { Tree } from '../alertmanager/tree.ts';
import { push } from '../groups.ts';
import type { Unit } from '../rule.ts';
import { unheard } from './alert-heard.ts';

export const alertRouted = {
  name: 'alert-routed',
  demands:
    'Every alert reaches by its labels whom its severity calls: P1 a pager in production and the chat before it, P2 the chat, both at all times, P3 a ticket; none falls through to the default.',
};

/** Remembers the way of alerts in each cluster, and of each alert its labels; never the object. */
export class AlertRouted {
  readonly #trees = new Map<string, Tree>();
  readonly #alerts = new Map<string, Heard[]>();

  see({ cluster: { name: cluster, tier }, objects }: Unit): void {
    for (const { construct, file, manifest } of objects) {
      const tree = treeIn(manifest);
      if (tree) this.#trees.set(cluster, tree);
      // As Prometheus adds them to what it sends (kube-prometheus-stack, externalLabels).
      for (const { labels } of alertsIn(manifest))
        push(this.#alerts, cluster, { labels: { cluster, environment: tier, ...labels }, tier, construct, file });
    }
  }

  findings(): Finding[] {
    return [...this.#alerts].flatMap(([cluster, alerts]) => {
      const tree = this.#trees.get(cluster);
      const of = ({ construct, file }: Heard, given: string, remedy: string): Finding => ({
        cluster,
        construct,
        rule: alertRouted.name,
        given,
        remedy,
        file,
      });
      if (tree === undefined)
        return [
          of(alerts[0]!, 'no unit of the cluster says who hears its alerts', 'add the platform unit to the cluster'),
        ];
      return alerts.flatMap(alert =>
        [...unheard(alert.labels, tree, alert.tier)].map(({ given, remedy }) =>
          of(alert, `${alert.labels.alertname}: ${given}`, remedy),
        ),
      );
    });
  }
}

/** One that cannot be read is a finding of alert-routes. */
function treeIn(manifest: Manifest): Tree | undefined {
  const text = configIn(manifest);
  try {
    return text === undefined ? undefined : new Tree(text);
  } catch {
    return undefined;
  }
}

interface Heard {
  readonly labels: Labels;
  readonly tier: string;
  readonly construct: string;
  readonly file: string;
}
