import type { PodMonitor } from '../../../imports/custom.ts';
import type { Layer } from '../pods/dist.ts';
import type { RunningPod } from '../pods/pod.ts';

/**
 * What Prometheus reads of pods: every endpoint that the layer's PodMonitors name for them, but for those by TLS, which ask a client's
 * certificate.
 *
 * @throws where nobody asks a pod, or one does not answer
 */
export async function scraped(layer: Layer, ...pods: readonly RunningPod[]): Promise<string> {
  const answers = pods.flatMap(pod => {
    const urls = urlsOf(layer, pod);
    if (urls.length === 0) throw new Error(`${pod.name}: no PodMonitor asks it`);
    return urls.map(url => text(url));
  });
  return (await Promise.all(answers)).join('\n');
}

function urlsOf(layer: Layer, { ip, labels, manifest }: RunningPod): string[] {
  const monitors = layer.all<PodMonitor>('PodMonitor').filter(({ spec }) => {
    const wanted = Object.entries(spec?.selector.matchLabels ?? {});
    return wanted.every(([label, value]) => labels[label] === value);
  });
  const ports = manifest.spec.containers.flatMap(({ ports = [] }) => ports);
  return monitors
    .flatMap(({ spec }) => spec?.podMetricsEndpoints ?? [])
    .filter(({ scheme }) => scheme?.toLowerCase() !== 'https')
    .map(({ port, path = '/metrics', params = {} }) => {
      const query = new URLSearchParams(
        Object.entries(params).flatMap(([name, all]) => all.map(value => [name, value])),
      );
      const number = ports.find(({ name }) => name === port)?.containerPort;
      return `http://${ip}:${number}${path}${query.size > 0 ? `?${query}` : ''}`;
    });
}

async function text(url: string): Promise<string> {
  const answer = await fetch(url);
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${said.slice(0, 500)}`);
  return said;
}
