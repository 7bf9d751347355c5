import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { freePorts, nest } from '../../../tools/control-plane/processes.ts';
import { ALERTMANAGER, delivered } from './delivered.ts';

export type Labels = Readonly<Record<string, string>>;

/** What somebody was told. */
export interface Told {
  /** By which way: the last part of the address. */
  readonly by: string;
  readonly authorization: string | undefined;
  readonly body: Loose;
}

// biome-ignore lint/suspicious/noExplicitAny: messages of several services
type Loose = any;

export interface Live {
  readonly told: readonly Told[];
  post(...alerts: readonly Labels[]): Promise<void>;
  /** The state of each alert that fires, by its labels as JSON. */
  states(): Promise<ReadonlyMap<string, string>>;
  /** What it tells of itself. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * A real Alertmanager with the configuration of a cluster, on loopback, alone. All its messages come here; it waits a second
 * where it would wait for company, and no day of the week is muted. What goes out by mail or Amazon is left out.
 *
 * @param change a last word on the configuration, in place
 */
export async function live(cluster: string, change: (config: Loose) => void = () => {}): Promise<Live> {
  const told: Told[] = [];
  const ear = createServer((incoming, outgoing) => {
    let text = '';
    incoming.on('data', part => {
      text += part;
    });
    incoming.on('end', () => {
      told.push({
        by: path.basename(incoming.url ?? ''),
        authorization: incoming.headers.authorization,
        body: JSON.parse(text),
      });
      outgoing.end('{"status":"success"}');
    });
  });
  await new Promise<void>(done => ear.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${(ear.address() as AddressInfo).port}`;
  const home = nest();
  const [port = 0] = await freePorts(1);
  // A value may end with a line, as files do.
  const file = delivered(cluster, path.join(home.folder, 'config'), key => `${base}/${key}\n`);
  const config = parse(readFileSync(file, 'utf8'));
  turned(config, base);
  change(config);
  writeFileSync(file, stringify(config));
  home.start('alertmanager', ALERTMANAGER, [
    `--config.file=${file}`,
    `--storage.path=${path.join(home.folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]);
  const api = `http://127.0.0.1:${port}/api/v2`;
  await answering(`${api}/status`, () => home.tail('alertmanager'));
  return {
    told,
    async post(...alerts) {
      const body = JSON.stringify(
        alerts.map(labels => ({
          labels,
          annotations: { summary: `${labels.alertname} it is`, runbook_url: 'https://runbook' },
        })),
      );
      const answer = await fetch(`${api}/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    },
    async states() {
      const all = (await (await fetch(`${api}/alerts`)).json()) as { labels: Labels; status: { state: string } }[];
      return new Map(all.map(({ labels, status }) => [keyOf(labels), status.state]));
    },
    async metrics() {
      return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    },
    async stop() {
      await home.stop();
      ear.closeAllConnections();
      await new Promise(done => ear.close(done));
    },
  };
}

export function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort());
}

function turned(config: Loose, base: string): void {
  config.global.pagerduty_url = `${base}/pagerduty`;
  for (const receiver of config.receivers) {
    delete receiver.sns_configs;
    delete receiver.email_configs;
    for (const webhook of receiver.webhook_configs ?? [])
      if (!webhook.url.startsWith(base)) webhook.url = `${base}/${receiver.name}`;
  }
  for (const route of config.route.routes) {
    if (route.group_wait !== '0s') route.group_wait = '1s';
    delete route.mute_time_intervals;
  }
}

async function answering(url: string, log: () => string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise(done => setTimeout(done, 100));
  }
  throw new Error(`Alertmanager does not answer:\n${log()}`);
}
