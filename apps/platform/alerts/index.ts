import { type Alert, PLATFORM, Rules, type System } from '../../../charts/index.ts';
import { argoCd, monitorArgoCd } from './argocd.ts';
import { collectors } from './collector.ts';
import { certManager, externalSecrets, keda } from './controllers.ts';
import { monitorControllers } from './monitors.ts';
import { nodes } from './nodes.ts';
import { alertmanager, prometheus, watchdog } from './prometheus.ts';
import { kubeStateMetrics, targets } from './sources.ts';
import { volumes } from './volumes.ts';

/** What is watched for all systems of a cluster: that alerting works, and what they all stand on. */
export function platformAlerts(platform: System): void {
  const { site } = platform;
  monitorControllers(platform);
  const about = (name: string, ...groups: readonly [group: string, alerts: readonly Alert[]][]) => {
    const metadata = () => ({ name, namespace: PLATFORM.namespace });
    const rules = new Rules(platform, `alerts-${name}`, {
      name,
      namespace: PLATFORM.namespace,
      system: platform,
      metadata,
    });
    rules.add(...groups.map(([group, alerts]) => ({ name: group, rules: alerts })));
  };
  about('alerting', ['watchdog', watchdog()], ['prometheus', prometheus()], ['alertmanager', alertmanager(site)]);
  about('sources', ['kube-state-metrics', kubeStateMetrics()], ['targets', targets()]);
  about('nodes', ['nodes', nodes()], ['volumes', volumes()]);
  about('controllers', ['cert-manager', certManager()], ['external-secrets', externalSecrets()], ['keda', keda()]);
  about('telemetry', ['collector', collectors()]);
  if (!site.runsArgoCd) return;
  monitorArgoCd(platform);
  about('argocd', ['applications', argoCd()]);
}
