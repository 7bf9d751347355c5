import type { Manifest } from '../../render/manifest.ts';
import { CONFIG_KEY, configIn } from '../alertmanager/find.ts';
import type { Labels } from '../alertmanager/matcher.ts';
import { Tree } from '../alertmanager/tree.ts';
import type { Cluster, ObjectRule, Problem } from '../rule.ts';
import { unheard, WATCHDOG } from './alert-heard.ts';

/** Prometheus' own signal of life. */
const SIGN_OF_LIFE: Labels = { alertname: WATCHDOG, severity: 'none' };

/** What the vendors' rules send (kubernetes-mixin, `severity`), and that signal. */
const ALWAYS: readonly Labels[] = [
  ...['critical', 'warning', 'info', 'P1', 'P2', 'P3'].map(severity => ({ alertname: 'Any', severity })),
  SIGN_OF_LIFE,
];

export const alertRoutes: ObjectRule = {
  name: 'alert-routes',
  demands:
    'Alertmanager’s configuration can be read, every route leads to a receiver that is there, every severity of ours and of the vendors’ reaches whom it must, the Watchdog its dead man’s switch, and an alert without a severity somebody; nothing is inhibited by the Watchdog, which always fires.',
  kinds: ['external-secrets.io/v1/ExternalSecret', 'external-secrets.io/v1/ClusterExternalSecret'],
  *check(manifest: Manifest, { tier }: Cluster): Iterable<Problem> {
    const text = configIn(manifest);
    if (text === undefined) return;
    let tree: Tree;
    try {
      tree = new Tree(text);
    } catch (error) {
      yield { given: `${CONFIG_KEY}: ${(error as Error).message}`, remedy: 'mend it in apps/platform/alertmanager' };
      return;
    }
    for (const labels of ALWAYS) yield* unheard(labels, tree, tier);
    for (const target of tree.silencedBy(SIGN_OF_LIFE))
      yield {
        given: `an inhibition of ${target} has a source that ${WATCHDOG} matches, which always fires: nobody would ever hear it`,
        remedy: 'name in its source_matchers the alerts that are worse (apps/platform/alertmanager/inhibition.ts)',
      };
    if (tree.fallback.channels.length === 0)
      yield {
        given: `an alert without a severity goes to ${tree.fallback.name}, which tells nobody`,
        remedy: 'give the root route a receiver with a channel: a mistake in a rule must be seen',
      };
  },
};
