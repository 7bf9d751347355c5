import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OTEL_COLLECTOR } from '../../tools/prove/promql/catalogue/otel-collector.ts';
import { Backends, type Received } from './collector/backends.ts';
import { type Config, onThisMachine, print, Running, until, validate } from './collector/run.ts';
import { argocds, committed } from './dist.ts';
import { catalogued, disagreements, seenOf } from './metrics/catalogue.ts';
import { exposition } from './metrics/exposition.ts';

/** What Argo CD would give the chart, by cluster. */
const configs = argocds()
  .flatMap(name => committed(`argocd/${name}`))
  .filter(({ manifest }) => manifest.metadata.name?.startsWith('opentelemetry-collector-'))
  .map(({ manifest }): [string, Config] => {
    const { source } = manifest.spec as { source: { helm: { valuesObject: { alternateConfig: Config } } } };
    return [manifest.metadata.name, source.helm.valuesObject.alternateConfig];
  });

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'drydock-collector-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the collector itself', () => {
  it.each(configs)('takes the configuration of %s', (_, config) => {
    validate(config, folder);
  });

  it('refuses a field, a function and a component that it does not have', () => {
    const [, config] = configs[0]!;
    const broken = (change: (config: Config) => void) => {
      const copy = structuredClone(config);
      change(copy);
      return () => validate(copy, folder);
    };
    expect(broken(copy => Object.assign(copy.receivers.file_log, { includes: [] }))).toThrow(/includes/);
    expect(
      broken(copy => Object.assign(copy.processors, { 'transform/whose': { log_statements: ['sett(log.body, "")'] } })),
    ).toThrow(/sett/);
    expect(broken(copy => copy.service.pipelines['logs/in']!.processors!.push('redact'))).toThrow(/redact/);
  });
});

describe('a node', () => {
  const address = '127.77.0.1';
  const backends = new Backends(address, 9900);
  let running: Running;
  let config: Config;
  const [, theirs] = configs.find(([name]) => name.endsWith('-us-east-1a'))!;

  const api = { namespace: 'zapora', name: 'api-7d4b9-abcde', container: 'api' };
  const audit = { ...api, container: 'audit-log' };
  const edge = { namespace: 'nginx-ingress', name: 'nginx-ingress-controller-x', container: 'nginx-ingress' };
  const database = { namespace: 'liquor-pos-data', name: 'database-0', container: 'database' };
  const record = (found: (one: Received) => boolean) => until('a record', () => backends.received.find(found));

  beforeAll(async () => {
    const says = { zapora: { logs: 'elastic', traces: 'jaeger' }, 'liquor-pos': { logs: 'loki', traces: 'tempo' } };
    config = onThisMachine(theirs, folder, backends, says);
    // All that is sent here arrives.
    Object.assign(config.processors.probabilistic_sampler as object, { sampling_percentage: 100 });
    await backends.open();
    print(folder, api, [
      `{"level":"INFO","logger":"uvicorn.access","message":"GET /orders","correlation_id":"r-1","trace_id":"${TRACE}","span_id":"${SPAN}"}`,
      '{"level":"error","logger":"zapora.orders","message":"no such dish","correlation_id":"r-2","user":{"id":7,"password":"hunter2"}}',
      '{"level":"warning","logger":"zapora.security","message":"five wrong passwords","log_kind":"security"}',
      '{"level":"info","message":"not an audit log","log_kind":"audit"}',
      '{"level":"info","message":"called with Authorization: Bearer abcdefghijklmnop and card 4111 1111 1111 1111"}',
      'plain text, connecting to postgres://app:s3cr3t@db:5432/zapora',
    ]);
    print(folder, audit, ['{"message":"role changed","correlation_id":"r-9"}']);
    print(folder, edge, [
      `{"time":"t","request_id":"edge-1","traceparent":"00-${TRACE}-${SPAN}-01","status":"200","uri":"/orders?access_token=abc","host":"api.zapora.example.com"}`,
    ]);
    print(folder, database, ['2026-01-01 00:00:00 UTC [1] ERROR:  deadlock detected']);
    running = new Running(config, folder, address);
  });
  afterAll(async () => {
    await running?.stop();
    backends.close();
  });

  it('tells kinds apart', async () => {
    const kind = async (text: string) => (await record(({ body }) => body.includes(text))).attributes.log_kind;
    expect(await kind('GET /orders')).toBe('access');
    expect(await kind('no such dish')).toBe('error');
    expect(await kind('five wrong passwords')).toBe('security');
    expect(await kind('role changed')).toBe('audit');
    expect(await kind('plain text')).toBe('application');
    expect(await kind('deadlock detected')).toBe('error');
    expect((await record(({ attributes }) => attributes.request_id === 'edge-1')).attributes.log_kind).toBe('access');
  });

  it('lets nobody write into an audit log but its own container', async () => {
    expect((await record(({ body }) => body === 'not an audit log')).attributes.log_kind).toBe('application');
  });

  it('keeps the ids by which a request is followed, and its trace', async () => {
    const access = await record(({ body }) => body === 'GET /orders');
    expect(access).toMatchObject({ traceId: TRACE, spanId: SPAN, severity: 'info', attributes: { request_id: 'r-1' } });
    expect(await record(({ attributes }) => attributes.request_id === 'edge-1')).toMatchObject({ traceId: TRACE });
    expect((await record(({ body }) => body === 'role changed')).attributes.request_id).toBe('r-9');
  });

  it('takes secrets out', async () => {
    expect((await record(({ body }) => body === 'no such dish')).attributes).toMatchObject({
      'user.id': expect.anything(),
    });
    await record(({ body }) => body.startsWith('called with'));
    await record(({ body }) => body.startsWith('plain text'));
    const all = JSON.stringify(backends.received);
    for (const secret of ['hunter2', 'abcdefghijklmnop', '4111 1111', 's3cr3t', 'access_token=abc'])
      expect(all).not.toContain(secret);
    expect(all).toContain('postgres://app:***@db:5432/zapora');
  });

  it('gives each system to the backend that its namespace names', async () => {
    expect((await record(({ body }) => body === 'no such dish')).to).toBe('elastic');
    expect((await record(({ body }) => body.includes('deadlock'))).to).toBe('loki');
    expect(backends.received.filter(({ body }) => body === 'no such dish')).toHaveLength(1);
  });

  it('counts records by the labels that alerts use, and goes on counting', async () => {
    const errors =
      'log_records_total{log_kind="error",namespace="zapora",service="api",severity="error",system="zapora"}';
    const counted = async (line: string) => (await running.metrics(8889)).includes(line) || undefined;
    await until('counts', () => counted(`${errors} 1`));
    await until('counts', () => counted('log_records_total{log_kind="audit",namespace="zapora",service="audit-log",'));
    print(folder, api, ['{"level":"error","message":"again"}']);
    await until('a second', () => counted(`${errors} 2`));
    // Another pod of the service on the same node.
    print(folder, { ...api, name: 'api-7d4b9-fghij' }, ['{"level":"error","message":"and again"}']);
    await until('a third', () => counted(`${errors} 3`));
  });

  it('takes traces, and says where they come from', async () => {
    await until('the receiver', async () => (await send('zapora')).ok);
    await send('liquor-pos');
    expect(
      await record(({ name, resource }) => name === 'GET' && resource['k8s.namespace.name'] === 'zapora'),
    ).toMatchObject({ to: 'jaeger', traceId: TRACE, resource: { 'k8s.cluster.name': 'us-east-1a' } });
    const other = await record(
      ({ name, resource }) => name === 'GET' && resource['k8s.namespace.name'] === 'liquor-pos',
    );
    expect(other.to).toBe('tempo');
    expect(JSON.stringify(other)).not.toContain('abcdefgh');
  });

  it('tells of itself what alerts go by, as the catalogue of the laws has it', async () => {
    backends.refuse = true;
    print(folder, api, ['{"level":"info","message":"refused for good"}']);
    await send('zapora');
    const failed = (what: string) => new RegExp(`^otelcol_exporter_send_failed_${what}_total`, 'm');
    const told = await until('what failed', async () => {
      const text = await running.metrics(8888);
      return failed('log_records').test(text) && failed('spans').test(text) ? text : undefined;
    });
    backends.refuse = false;
    const seen = exposition(told, await running.metrics(8889));
    const metrics = catalogued(OTEL_COLLECTOR);
    // No queue was ever full.
    expect(metrics.filter(metric => !seenOf(seen, metric)).map(({ name }) => name)).toEqual([
      'otelcol_exporter_enqueue_failed_log_records_total',
      'otelcol_exporter_enqueue_failed_spans_total',
    ]);
    expect(disagreements(metrics, seen)).toEqual([]);
  });

  it('loses nothing while a backend is away and it is killed itself', async () => {
    backends.close();
    print(folder, api, ['{"level":"info","message":"written while nobody listened"}']);
    await until('the queue', async () =>
      /otelcol_exporter_queue_size\S*exporter="otlp_http\/elastic"\S* [1-9]/.test(await running.metrics(8888)),
    );
    await running.stop('SIGKILL');
    await backends.open();
    running = new Running(config, folder, address);
    expect(await record(({ body }) => body === 'written while nobody listened')).toMatchObject({ to: 'elastic' });
  });

  it('says nothing in alarm', () => {
    expect(running.said).not.toMatch(/"level":"(error|fatal)"/);
  });

  function send(namespace: string) {
    const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
    const span = {
      traceId: TRACE,
      spanId: SPAN,
      name: 'GET',
      kind: 2,
      startTimeUnixNano: '1',
      endTimeUnixNano: '2',
      attributes: [attribute('http.request.header.authorization', 'Bearer abcdefgh')],
    };
    const resource = { attributes: [attribute('service.name', 'api'), attribute('k8s.namespace.name', namespace)] };
    return fetch(`http://${address}:4318/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
    });
  }
});
