import { describe, expect, it } from 'vitest';
import { addons } from '../../../apps/platform/addons.ts';
import { collectorConfig } from '../../../apps/platform/collector/config.ts';
import { COLLECTOR } from '../../../tools/control-plane/versions.ts';
import { development, local, production, staging } from '../../site.ts';

const TELEMETRY = { elastic: 'https://otlp.elastic.example.com', jaeger: 'https://otlp.jaeger.example.com' };
const everywhere = [local, development, staging, production].map(cluster => [cluster.name, cluster] as const);
const pipelines = (
  cluster: typeof production,
): Record<string, { receivers: string[]; processors?: string[]; exporters: string[] }> =>
  collectorConfig(cluster).service.pipelines;

describe.each(everywhere)('the collector of %s', (_, cluster) => {
  it('guards its memory before all else, and takes secrets out before anything leaves', () => {
    const { 'logs/in': logs, 'traces/in': traces } = pipelines(cluster);
    expect(logs!.processors![0]).toBe('memory_limiter');
    expect(logs!.processors!.at(-1)).toBe('transform/logs');
    expect(traces!.processors![0]).toBe('memory_limiter');
    expect(traces!.processors!.at(-1)).toBe('transform/traces');
  });

  it('keeps on disk what no backend has taken, and tries for ever', () => {
    const { exporters } = collectorConfig(cluster);
    for (const [name, exporter] of Object.entries(exporters).filter(([name]) => name.startsWith('otlp_http/')))
      expect(exporter, name).toMatchObject({
        retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
        sending_queue: { enabled: true, storage: 'file_storage' },
      });
  });

  it('uses all that it configures', () => {
    const { processors, exporters, receivers, connectors } = collectorConfig(cluster);
    const used = Object.values(pipelines(cluster)).flatMap(({ receivers, processors = [], exporters }) => [
      ...receivers,
      ...processors,
      ...exporters,
    ]);
    const all = [processors, exporters, receivers, connectors].flatMap(part => Object.keys(part));
    expect(all.filter(name => !used.includes(name))).toEqual([]);
  });

  it('counts on for longer than alerts look back, and shows it for as long', () => {
    const { processors, exporters } = collectorConfig(cluster);
    // One that vanished and came back at its full count would have no increase.
    expect(processors.deltatocumulative.max_stale).toBe('25h');
    expect(exporters.prometheus.metric_expiration).toBe('25h');
  });

  it('is the release whose validator judges it', () => {
    const { values } = addons(cluster).find(({ name }) => name === 'opentelemetry-collector')!;
    expect(values.image).toMatchObject({ tag: COLLECTOR });
  });
});

it('gives a record to one backend where there are several, and asks no namespace where there is one', () => {
  expect(pipelines(local)['logs/loki']).toEqual({ receivers: ['forward/logs'], exporters: ['otlp_http/loki'] });
  const { processors } = collectorConfig({ ...production, telemetry: TELEMETRY });
  const conditions = (name: string) => (processors as Record<string, object>)[name];
  expect(conditions('filter/loki')).toMatchObject({
    log_conditions: ['resource.attributes["drydock.logs_to"] == "elastic"'],
  });
  expect(conditions('filter/jaeger')).toMatchObject({
    trace_conditions: [
      'resource.attributes["drydock.traces_to"] == nil or resource.attributes["drydock.traces_to"] != "jaeger"',
    ],
  });
});

it('keeps every trace where few are made', () => {
  const percent = (cluster: typeof production) => collectorConfig(cluster).processors.probabilistic_sampler;
  expect(percent(development)).toMatchObject({ sampling_percentage: 100 });
  expect(percent(production)).toMatchObject({ sampling_percentage: 10 });
});
