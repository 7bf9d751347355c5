import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as conventions from '../charts/conventions.ts';
import { Cpu, Duration, external, type Site, Size, Worker, type WorkerProps } from '../charts/index.ts';
import type { NetworkPolicy } from '../imports/kubernetes.ts';
import { rangesOf, subtract } from '../tools/prove/network/address.ts';
import { readCilium } from '../tools/prove/network/cilium.ts';
import { DNS, DNS_PORT, PROMETHEUS, INSTANCE as PROVEN_INSTANCE } from '../tools/prove/network/ends.ts';
import { PUBLIC } from '../tools/prove/network/public.ts';
import { peakPods } from '../tools/prove/rules/demand.ts';
import { type Claim, claimsOf } from '../tools/prove/rules/host-claims.ts';
import { keptIn } from '../tools/prove/rules/keeps.ts';
import { toleratesSpot } from '../tools/prove/rules/node-pools.ts';
import { podOf } from '../tools/prove/rules/pods.ts';
import { viewOf } from '../tools/prove/rules/view.ts';
import type { Manifest, Rendered } from '../tools/render/manifest.ts';
import { rendered, SITE, service, system } from './charts/fixture.ts';
import { unitOf } from './tools/prove/good-unit.ts';

/**
 * Words that charts/ writes and the laws read. Tools import nothing of the house, so each side has its own; where they part,
 * a law goes blind or refuses what is right.
 */
function made(props: Partial<WorkerProps> = {}, site: Partial<Site> = {}) {
  const shop = system(site);
  const size = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };
  new Worker(shop, 'sync', { image: 'ghcr.io/shop/sync:1.0.0', port: 3000, replicas: 2, ...size, ...props });
  return rendered(shop).objects;
}

const { HOLDS, INSTANCE, KEEPS, keeps, OUT_OF_DNS, SHARDS } = conventions;

const stripe = external('Stripe', { hosts: ['api.stripe.com'] });
const calling = (network: Site['network']) => made({ env: { STRIPE_URL: stripe.url } }, { network });

/** An object as the laws get it. */
function placed(manifest: Manifest): Rendered {
  const [object] = unitOf([manifest]).objects;
  return object!;
}

test('the label by which workloads are known', () => {
  expect(PROVEN_INSTANCE).toBe(INSTANCE);
});

test('the pods that are Prometheus', () => {
  const { called, namespace, labels } = conventions.PROMETHEUS;
  expect(PROMETHEUS).toEqual({ is: 'pods', called, namespace, labels });
});

describe('the annotations and labels of the house', () => {
  const written = readdirSync('tools', { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .flatMap(file => [
      ...readFileSync(`tools/${file}`, 'utf8').matchAll(/(?:const (\w+) = )?['"`](drydock\/[a-z-]+)['"`]/g),
    ])
    .map(([, name, word]) => ({ name, word }));

  test('tools read none that charts/ does not write', () => {
    const known: unknown[] = Object.values(conventions);
    expect(written.map(({ word }) => word).filter(word => !known.includes(word))).toEqual([]);
  });

  test.each(Object.entries({ HOLDS, KEEPS, SHARDS }))('%s', (name, word) => {
    const words = written.filter(each => each.name === name).map(each => each.word);
    expect([...new Set(words)]).toEqual([word]);
  });

  test('how long backups are kept', () => {
    const what = 'copies of shop-data/database in cold';
    expect(keptIn(keeps(what, Duration.days(2557)))).toEqual({ what, days: 2557 });
  });
});

test('the taint of spot nodes', () => {
  for (const spot of [true, false])
    expect(toleratesSpot(podOf(made({ spot })['Deployment sync']!)!), String(spot)).toBe(spot);
});

test('the tags that move', () => {
  const moving = (file: string) => /const MOVING = new Set\((\[[^\]]*\])\)/.exec(readFileSync(file, 'utf8'))?.[1];
  expect(moving('charts/image.ts')).toBeDefined();
  expect(moving('tools/prove/rules/images.ts')).toBe(moving('charts/image.ts'));
});

describe('external-dns', () => {
  function claim(keep: (annotation: string) => boolean, role: Site['role']) {
    const shop = system({ role });
    service(shop, 'web').expose({ host: `shop.${SITE.domain}`, routing: 'nearest' });
    const manifest = structuredClone(rendered(shop).objects['Ingress web']!);
    const annotations = Object.entries(manifest.metadata.annotations!).filter(([key]) => keep(key));
    manifest.metadata.annotations = Object.fromEntries(annotations);
    const [[, { dns }]] = claimsOf(placed(manifest), SITE.name, 'shop') as [[string, Claim]];
    return dns;
  }

  test.each(Object.keys(OUT_OF_DNS))('%s keeps a host out of DNS', annotation => {
    expect(claim(() => true, 'primary')).toBeDefined();
    expect(claim(key => key === annotation, 'standby')).toBeUndefined();
  });

  test.each(
    Object.keys(OUT_OF_DNS).map(key => key.replace('controller', '')),
  )('%s says how a host is routed', prefix => {
    expect(claim(key => key.startsWith(prefix), 'primary')).toMatchObject({ identifier: SITE.name, policy: 'region' });
  });
});

test('what is no public address', () => {
  const policy = calling({ ...SITE.network, plugin: 'standard' })['NetworkPolicy sync'] as unknown as NetworkPolicy;
  const [block] = policy.spec!.egress!.flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
  expect(subtract(rangesOf([block!.cidr]), rangesOf(block!.except!))).toEqual(
    PUBLIC.filter(({ family }) => family === 4),
  );
});

test('cluster DNS, for policies and for Cilium', () => {
  const objects = calling({ ...SITE.network, plugin: 'cilium' });
  const [dns] = (objects['NetworkPolicy sync'] as unknown as NetworkPolicy).spec!.egress!;
  expect(dns).toEqual({
    to: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': DNS.namespace } },
        podSelector: { matchLabels: DNS.labels },
      },
    ],
    ports: ['UDP', 'TCP'].map(protocol => ({ port: DNS_PORT, protocol })),
  });
  expect(readCilium(placed(objects['CiliumNetworkPolicy sync']!))).toMatchObject({
    instance: 'sync',
    dns: true,
    odd: [],
    egress: [{ host: 'api.stripe.com', port: 443 }],
  });
});

test('how many pods a failover switches on', () => {
  const objects = made({ needsPrimary: true, replicas: 8 }, { role: 'standby' });
  const view = viewOf(unitOf(Object.values(objects)));
  const [worker] = view.workloads;
  expect(view.replicas(worker!)).toEqual({ min: 0, max: 0 });
  expect(peakPods(view, worker!)).toBe(10); // and a quarter more while they roll
});
