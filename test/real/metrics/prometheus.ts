import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePorts, nest } from '../../../tools/control-plane/processes.ts';
import { until } from '../pods/until.ts';

const PROGRAM = '/usr/bin/prometheus';

/** What a Prometheus says of itself and of whom it asks, which is itself, with a rule and with an Alertmanager that does not answer. */
export async function prometheus(): Promise<string> {
  const home = nest();
  const [port = 0, nobody] = await freePorts(2);
  const address = `127.0.0.1:${port}`;
  const write = (name: string, content: unknown) =>
    writeFileSync(path.join(home.folder, name), JSON.stringify(content));
  write('rules.yaml', { groups: [{ name: 'all', rules: [{ alert: 'Watchdog', expr: 'vector(1)' }] }] });
  write('prometheus.yaml', {
    global: { scrape_interval: '200ms', scrape_timeout: '200ms', evaluation_interval: '200ms' },
    rule_files: ['rules.yaml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${nobody}`] }] }] },
    scrape_configs: [{ job_name: 'prometheus', static_configs: [{ targets: [address] }] }],
  });
  home.start('prometheus', PROGRAM, [
    '--config.file=prometheus.yaml',
    '--storage.tsdb.path=data',
    '--storage.tsdb.retention.size=1GB',
    `--web.listen-address=${address}`,
  ]);
  const read = async (what: string) => (await fetch(`http://${address}/${what}`)).text();
  try {
    const known = /^prometheus_notifications_errors_total\{/m;
    await until('it knows the Alertmanager', async () => known.test(await read('metrics')));
    // What it adds to what it is told.
    const federate = `federate?match[]=${encodeURIComponent('{__name__=~"up|scrape_.+"}')}`;
    const added = await until('it has asked itself', async () => (await read(federate)) || undefined);
    return `${await read('metrics')}\n${added}`;
  } finally {
    await home.stop();
  }
}
