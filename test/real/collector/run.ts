import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { otelcol } from '../../../tools/control-plane/otelcol.ts';
import type { Backends } from './backends.ts';

/** A collector's configuration, as far as a test looks into it. */
export interface Config {
  receivers: { file_log: Record<string, unknown> };
  processors: Record<string, unknown>;
  exporters: Record<string, Record<string, unknown>>;
  extensions: { file_storage: Record<string, unknown> };
  service: { pipelines: Record<string, { processors?: string[] }> };
}

/** Variables that its chart gives the collector. */
function variables(address: string): NodeJS.ProcessEnv {
  return { ...process.env, MY_POD_IP: address, K8S_NODE_NAME: 'node', ELASTIC_API_KEY: 'key' };
}

/** @throws with what the collector's own validator says */
export function validate(config: unknown, folder: string): void {
  const file = path.join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  execFileSync(otelcol(), ['validate', '--config', file], { env: variables('127.0.0.1'), stdio: 'pipe' });
}

/** What a pod's namespace says, for want of an API server. */
export type Says = Readonly<Record<string, { readonly logs: string; readonly traces: string }>>;

/**
 * The configuration with what a machine without Kubernetes lacks replaced, and nothing else: the folders, the backends' addresses,
 * and whom the API server says a pod is.
 */
export function onThisMachine(config: Config, folder: string, backends: Backends, says: Says): Config {
  const own = structuredClone(config);
  own.receivers.file_log.include = [path.join(folder, 'pods/*/*/*.log')];
  own.receivers.file_log.poll_interval = '50ms';
  own.extensions.file_storage.directory = path.join(folder, 'state');
  own.extensions.file_storage.compaction = { directory: path.join(folder, 'state'), on_start: true };
  for (const [name, exporter] of Object.entries(own.exporters)) {
    if (!name.startsWith('otlp_http/')) continue;
    const retry = { ...(exporter.retry_on_failure as object), initial_interval: '200ms', max_interval: '500ms' };
    const address = { endpoint: backends.url(name.split('/')[1]!), encoding: 'json', compression: 'none' };
    own.exporters[name] = { ...exporter, ...address, retry_on_failure: retry };
  }
  delete own.processors.k8s_attributes;
  const statements = Object.entries(says).flatMap(([namespace, { logs, traces }]) =>
    Object.entries({ logs_to: logs, traces_to: traces }).map(
      ([key, value]) =>
        `set(resource.attributes["drydock.${key}"], "${value}") where resource.attributes["k8s.namespace.name"] == "${namespace}"`,
    ),
  );
  own.processors['transform/pods'] = { log_statements: statements, trace_statements: statements };
  for (const pipeline of Object.values(own.service.pipelines))
    pipeline.processors = pipeline.processors?.map(name => (name === 'k8s_attributes' ? 'transform/pods' : name)) ?? [];
  return own;
}

/** A running collector. */
export class Running {
  /** What it says of itself. */
  said = '';
  readonly #process: ChildProcess;

  constructor(
    config: Config,
    folder: string,
    readonly address: string,
  ) {
    const file = path.join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(config));
    this.#process = spawn(otelcol(), ['--config', file], {
      env: variables(address),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout!, this.#process.stderr!])
      stream.on('data', chunk => {
        this.said += chunk;
      });
  }

  /** Its own numbers, or those of the logs it has counted. */
  async metrics(port: number): Promise<string> {
    const answer = await fetch(`http://${this.address}:${port}/metrics`);
    return answer.text();
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise(resolve => this.#process.once('exit', resolve));
    this.#process.kill(signal);
    await ended;
  }
}

/** Writes lines as the container runtime does for a container of a pod (the format of the CRI). */
export function print(
  folder: string,
  pod: { namespace: string; name: string; container: string },
  lines: readonly string[],
) {
  const { namespace, name, container } = pod;
  const place = path.join(folder, 'pods', `${namespace}_${name}_0f5a6c1e-0000-4000-8000-000000000000`, container);
  mkdirSync(place, { recursive: true });
  const text = lines.map(line => `${new Date().toISOString().replace('Z', '000000Z')} stdout F ${line}\n`).join('');
  appendFileSync(path.join(place, '0.log'), text);
}

/** Asks again until there is an answer. @throws after half a minute, with what was looked for */
export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const answer = await Promise.resolve(ask()).catch(() => undefined);
    if (answer !== undefined && answer !== false) return answer;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain for ${what}`);
}
