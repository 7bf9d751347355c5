import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROMETHEUS } from '../../tools/prove/promql/catalogue/prometheus.ts';
import { alertmanagerMissing, amtool, clusters, delivered, tierOf } from './alertmanager/delivered.ts';
import { TOGETHER } from './alertmanager/inhibition.ts';
import { keyOf, type Labels, type Live, live } from './alertmanager/live.ts';
import { catalogued, disagreements, seenOf } from './metrics/catalogue.ts';
import { exposition } from './metrics/exposition.ts';

/** Who hears an alert, as `dist/` says, judged by Alertmanager itself. */
const why = alertmanagerMissing();
if (why) console.warn(`alertmanager.test.ts: ${why}; nothing here is tested`);

const all = clusters();
const paging = all.find(cluster => tierOf(cluster) === 'production') ?? all[0] ?? '';

test('dist/ says it for each cluster', () => {
  expect(all.length).toBeGreaterThan(0);
});

describe.skipIf(why)('the configuration', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'drydock-alertmanager-'));
  const files = new Map<string, string>();

  beforeAll(() => {
    for (const cluster of all)
      files.set(
        cluster,
        delivered(cluster, path.join(folder, cluster), key => `https://example.com/${key}\n`),
      );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(all)('of %s passes amtool, with its messages', cluster => {
    const said = amtool('check-config', files.get(cluster)!);
    expect(said).toContain('SUCCESS');
    expect(said).toContain('- 1 templates');
  });

  test.each(all)('of %s sends each severity of each source to whom it calls', cluster => {
    const heardBy = (labels: Labels) =>
      amtool(
        ...['config', 'routes', 'test', `--config.file=${files.get(cluster)}`],
        ...Object.entries(labels).map(([label, value]) => `${label}=${value}`),
      );
    // Ours carry a service, kube-prometheus' do not.
    const ours = { alertname: 'A', cluster, namespace: 'shop', service: 'api' };
    for (const [severity, receiver] of Object.entries({ P1: 'p1', P2: 'p2', P3: 'p3', none: 'null' }))
      expect(heardBy({ ...ours, severity }), severity).toBe(receiver);
    for (const [severity, receiver] of Object.entries({ critical: 'p1', warning: 'p2', info: 'p3', none: 'null' }))
      expect(heardBy({ alertname: 'B', severity }), severity).toBe(receiver);
    expect(heardBy({ alertname: 'Watchdog', severity: 'none' })).toBe('watchdog');
    expect(heardBy({ alertname: 'VolumeFullSoon', severity: 'P2' })).toBe('automation,p2');
    expect(heardBy({ alertname: 'VolumeFullSoonish', severity: 'P2' })).toBe('p2');
    expect(heardBy(ours)).toBe('default');
    expect(heardBy({ ...ours, severity: 'page' })).toBe('default');
  });
});

describe.skipIf(why || !paging)('a running Alertmanager', () => {
  let it: Live;

  beforeAll(async () => {
    it = await live(paging);
  });
  afterAll(() => it?.stop());

  /** Each case fires in a cluster of its own, so that it meets no other. */
  const inCluster = (cluster: string) => (labels: Labels) => ({ ...labels, cluster });

  test.each(TOGETHER.map((each, index) => [each.what, index] as const))('%s', async (_, index) => {
    const { active, suppressed } = TOGETHER[index]!;
    const here = inCluster(`case-${index}`);
    await it.post(...[...active, ...suppressed].map(here));
    const expected = [
      ...active.map(labels => [keyOf(here(labels)), 'active']),
      ...suppressed.map(labels => [keyOf(here(labels)), 'suppressed']),
    ];
    const found = async () => {
      const states = await it.states();
      return expected.map(([key]) => [key, states.get(key!)]);
    };
    await expect.poll(found, { timeout: 10_000, interval: 200 }).toEqual(expected);
    // What is silenced wrongly is silenced a moment later.
    await new Promise(done => setTimeout(done, 1000));
    expect(await found()).toEqual(expected);
  });

  test('with rules that forget the service, a page of another is lost: the cases above would show it', async () => {
    const careless = await live(paging, config => {
      for (const rule of config.inhibit_rules) rule.equal = ['cluster', 'namespace'];
    });
    try {
      const { active } = TOGETHER[0]!;
      const here = inCluster('careless');
      await careless.post(...active.map(here));
      const page = active.find(({ alertname, service }) => alertname === 'ErrorBudgetBurnFast' && service === 'menu')!;
      await expect
        .poll(async () => (await careless.states()).get(keyOf(here(page))), { timeout: 10_000 })
        .toBe('suppressed');
    } finally {
      await careless.stop();
    }
  });

  test('tells whom it must, in words that help', async () => {
    const shop = { cluster: 'words', namespace: 'shop', service: 'api' };
    await it.post(
      { ...shop, alertname: 'ServiceDown', severity: 'P1' },
      { ...shop, service: 'menu', alertname: 'ErrorRateHigh', severity: 'P2' },
      { ...shop, service: 'till', alertname: 'VolumeFullSoon', severity: 'P3' },
      { ...shop, alertname: 'Watchdog', severity: 'none' },
      { ...shop, alertname: 'Other', severity: 'none' },
    );
    const said = (body: object, text: string) => JSON.stringify(body).includes(text);
    const heard = (by: string, name: string) =>
      it.told.filter(({ by: way, body }) => way === by && said(body, 'words') && said(body, `${name} it is`));
    await expect.poll(() => heard('pagerduty', 'ServiceDown').length, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => heard('slack-url', 'ServiceDown').length, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => heard('slack-url', 'ErrorRateHigh').length, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => heard('p3', 'VolumeFullSoon').length, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => heard('slack-daily-url', 'VolumeFullSoon').length, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => heard('automation', 'VolumeFullSoon').length, { timeout: 20_000 }).toBe(1);
    await expect.poll(() => heard('watchdog', 'Watchdog').length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(it.told.filter(({ body }) => said(body, 'Other it is'))).toEqual([]);
    expect(heard('slack-url', 'VolumeFullSoon')).toEqual([]);
    expect(heard('pagerduty', 'ErrorRateHigh')).toEqual([]);

    const [page] = heard('pagerduty', 'ServiceDown');
    expect(page!.body.payload.summary).toBe('[FIRING] P1 ServiceDown words/shop/api: ServiceDown it is');
    expect(page!.body.links[0]).toEqual({ href: 'https://runbook', text: 'Runbook' });
    const [message] = heard('slack-url', 'ErrorRateHigh');
    expect(message!.body.attachments[0]).toMatchObject({
      title: '[FIRING] P2 ErrorRateHigh words/shop/menu',
      title_link: 'https://runbook',
      text: 'ErrorRateHigh it is\nRunbook: https://runbook\n',
    });
    const [ticket] = heard('p3', 'VolumeFullSoon');
    expect(ticket!.authorization).toMatch(/^Bearer http.*\/tickets-token$/);
    expect(ticket!.body.commonLabels).toMatchObject({ alertname: 'VolumeFullSoon', service: 'till' });
  });

  test('tells of itself what the catalogue of the laws has', async () => {
    const seen = exposition(await it.metrics());
    const metrics = catalogued(PROMETHEUS).filter(({ name }) => /^(alertmanager|go|process)_/.test(name));
    expect(metrics.filter(metric => seenOf(seen, metric)).length).toBeGreaterThan(10);
    // What newer releases than Debian's tell.
    const younger = /^alertmanager_(notifications_failed_total has no label reason|build_info has no label tags);/;
    expect(disagreements(metrics, seen).filter(fault => !younger.test(fault))).toEqual([]);
  });
});
