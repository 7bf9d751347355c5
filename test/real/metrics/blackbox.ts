import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { freePorts, nest } from '../../../tools/control-plane/processes.ts';
import { argocds, committed } from '../dist.ts';
import { createAuthority } from '../pods/certificates.ts';
import { until } from '../pods/until.ts';

const PROGRAM = '/usr/bin/prometheus-blackbox-exporter';

/** What blackbox_exporter, configured as a cluster's, says of a host that answers by TLS, and of one that does not. */
export async function probes(cluster: string): Promise<{ readonly secure: string; readonly plain: string }> {
  const home = nest();
  const authority = createAuthority();
  const server = createServer(authority.issueFor('localhost'), (_, answer) => answer.end('well'));
  try {
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const target = `localhost:${(server.address() as AddressInfo).port}`;
    const [port = 0] = await freePorts(1);
    const address = `127.0.0.1:${port}`;
    const file = (name: string, text: string) => {
      writeFileSync(path.join(home.folder, name), text);
      return path.join(home.folder, name);
    };
    const config = file('config.yaml', JSON.stringify(configOf(cluster)));
    // Go takes it instead of the machine's own authorities.
    const env = { SSL_CERT_FILE: file('ca.crt', authority.ca) };
    home.start('blackbox', PROGRAM, [`--config.file=${config}`, `--web.listen-address=${address}`], env);
    await until('it answers', async () => (await fetch(`http://${address}/-/healthy`)).ok);
    const probe = async (url: string) =>
      (await fetch(`http://${address}/probe?module=http_2xx&target=${encodeURIComponent(url)}`)).text();
    return { secure: await probe(`https://${target}`), plain: await probe(`http://${target}`) };
  } finally {
    server.close();
    authority.remove();
    await home.stop();
  }
}

/** What Argo CD would give the chart. */
function configOf(cluster: string): unknown {
  const application = argocds()
    .flatMap(name => committed(`argocd/${name}`))
    .find(({ manifest }) => manifest.metadata.name === `prometheus-blackbox-exporter-${cluster}`);
  const { source } = application!.manifest.spec as { source: { helm: { valuesObject: { config: unknown } } } };
  return source.helm.valuesObject.config;
}
