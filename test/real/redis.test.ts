import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CertificateAuthority, createAuthority } from './pods/certificates.ts';
import { podOfDeployment } from './pods/dist.ts';
import { type PodNode, startNode } from './pods/node.ts';
import type { RunningPod } from './pods/pod.ts';
import { unavailable } from './pods/requirements.ts';
import { until } from './pods/until.ts';
import {
  apply,
  as,
  converged,
  deploymentOf,
  IMAGES,
  layer,
  NAMESPACE,
  passwordOf,
  self,
  startServer,
} from './redis/fixture.ts';
import { startWriter, type Writer } from './redis/writer.ts';

const why = unavailable();
if (why) console.warn(`redis.test.ts: ${why}; nothing here is tested`);

const cache = layer();
let node: PodNode;
let authority: CertificateAuthority;
let pods: RunningPod[];
let primary: RunningPod;
let writers: Writer[] = [];
const app = passwordOf('cache/app/1');
const began = Date.now();
const say = (text: string) => process.stderr.write(`redis: ${((Date.now() - began) / 1000).toFixed(1)} s ${text}\n`);

async function settled(within = 90): Promise<void> {
  const from = Date.now();
  primary = await until('one primary, and all agree', () => converged(pods), within);
  say(`settled after ${((Date.now() - from) / 1000).toFixed(1)} s: ${primary.name}`);
}

beforeAll(async () => {
  if (why) return;
  authority = createAuthority();
  node = await startNode({ images: IMAGES });
  await apply(node, cache, authority);
  pods = await Promise.all([0, 1, 2].map(ordinal => startServer(node, cache, ordinal)));
  await settled();
}, 120_000);
afterAll(async () => {
  for (const writer of writers) writer.stop();
  await node?.stop();
  authority?.remove();
}, 60_000);

test.skipIf(why)(
  'a new one forms by itself',
  async () => {
    await until('all are ready', () => pods.every(pod => pod.ready), 40);
    expect(primary.name).toBe('cache-0');
  },
  60_000,
);

/** What was acknowledged and is not there. */
async function missing(): Promise<{ writer: Writer; key: string; at: number }[]> {
  const gone = [];
  for (const writer of writers) {
    const { acknowledged } = writer;
    expect(acknowledged.length).toBeGreaterThan(0);
    for (let from = 0; from < acknowledged.length; from += 500) {
      const some = acknowledged.slice(from, from + 500);
      const values = (await as(primary, 'app_1', app, 6379, '--no-raw', 'mget', ...some.map(({ key }) => key))).split(
        '\n',
      );
      gone.push(
        ...some
          .filter(({ key }, index) => !values[index]?.endsWith(`"${key.split(':')[1]}"`))
          .map(each => ({ writer, ...each })),
      );
    }
  }
  return gone;
}

async function nothingLost(): Promise<void> {
  expect((await missing()).map(({ key }) => key)).toEqual([]);
}

/** Does something to the servers, and says how long nobody could write. */
async function disturb(what: string, act: () => Promise<unknown>, within = 90): Promise<number[]> {
  await until('all are ready', () => pods.every(pod => pod.ready), 90);
  for (const writer of writers) writer.reset();
  await act();
  await settled(within);
  const seen = writers.map(({ acknowledged }) => acknowledged.length);
  await until(
    'both write again',
    () => writers.every((each, index) => each.acknowledged.length > seen[index]! + 10),
    40,
  );
  const gaps = writers.map(writer => writer.gap());
  say(`${what}: no write for ${gaps.map(gap => gap.toFixed(1)).join(' s by Sentinel, ')} s by the proxy`);
  await nothingLost();
  return gaps;
}

/** The pod of a name goes, and comes back on the same volume or on none. */
async function replace(pod: RunningPod, { grace = 0, away = 0, wiped = false } = {}): Promise<void> {
  const index = pods.indexOf(pod);
  await pod.stop(grace);
  if (wiped) node.wipeClaim(NAMESPACE, `data-${pod.name}`);
  await sleep(away * 1000);
  pods[index] = await startServer(node, cache, Number(pod.name.slice(-1)));
}

describe.skipIf(why)('while two clients write, by Sentinel and by the proxy', () => {
  beforeAll(async () => {
    const proxy = await node.startPod(podOfDeployment(deploymentOf(cache, 'cache-proxy')), { kubelet: true });
    await until('the proxy is ready', () => proxy.ready, 30);
    const client = await node.startPod(podOfDeployment(deploymentOf(cache, 'web')));
    writers = [startWriter(client, 'sentinel'), startWriter(client, 'url')];
    await until('both write', () => writers.every(({ acknowledged }) => acknowledged.length > 20), 60);
  }, 60_000);

  test('the server of the primary is killed and back at once: Sentinel has its say first', async () => {
    const before = primary;
    const gaps = await disturb('killed server', () => primary.kill('cache'));
    expect(primary.name).not.toBe(before.name);
    for (const gap of gaps) expect(gap).toBeLessThan(30);
  }, 240_000);

  test('the pod of the primary is gone for 8 s, its name with it', async () => {
    for (const gap of await disturb('pod gone', () => replace(primary, { away: 8 }))) expect(gap).toBeLessThan(30);
  }, 240_000);

  test('the primary loses its volume', async () => {
    const before = primary;
    const gaps = await disturb('lost volume', () => replace(primary, { wiped: true }));
    expect(primary.name).not.toBe(before.name);
    for (const gap of gaps) expect(gap).toBeLessThan(30);
  }, 240_000);

  test('all are killed: the last primary has the most, and is it again', async () => {
    const before = primary.name;
    const gaps = await disturb('all killed', () => Promise.all(pods.map(pod => pod.kill())), 90);
    expect(primary.name).toBe(before);
    for (const gap of gaps) expect(gap).toBeLessThan(60);
  }, 240_000);

  test('all pods are replaced one by one, as a rolling update does: each hands over first', async () => {
    for (const name of ['cache-2', 'cache-1', 'cache-0']) {
      const pod = pods.find(each => each.name === name)!;
      const gaps = await disturb(`rolled ${name}`, () => replace(pod, { grace: 60 }));
      for (const gap of gaps) expect(gap).toBeLessThan(15);
    }
  }, 300_000);

  test('the primary hangs and comes back: it stops to acknowledge within a second, and nothing from before is lost', async () => {
    const stale = primary;
    stale.pause('cache', /redis-server/);
    for (const writer of writers) writer.reset();
    const named = () =>
      as(pods.find(pod => pod !== stale)!, 'app_1', app, 26379, 'sentinel', 'get-master-addr-by-name', 'cache');
    await until('another is named', async () => !(await named()).startsWith(stale.name), 30);
    const resumed = Date.now() / 1000;
    stale.resume('cache');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => as(stale, 'app_1', app, 6379, 'set', `stale:${index}`, 'x')),
    );
    await settled();
    for (const [index, answer] of answers.entries()) {
      if (answer === 'OK') expect(await as(primary, 'app_1', app, 6379, 'get', `stale:${index}`)).toBe('x');
      else expect(answer).toMatch(/NOREPLICAS|READONLY|Could not connect|Error/);
    }
    expect(answers).not.toContain('OK');
    // It counts its replicas once a second, and Sentinel turns them round one after the other: for so long it acknowledges
    // (docs/caches.md).
    for (const { writer, key, at } of await missing()) {
      say(`${key}: acknowledged by the old one ${(at - resumed).toFixed(2)} s after it came back, and lost`);
      expect(at - resumed, `${key} was acknowledged after the old one came back`).toBeGreaterThanOrEqual(0);
      expect(at - resumed, `${key} was acknowledged within a second`).toBeLessThan(1);
      writer.forget(key);
    }
  }, 240_000);

  test('the first pod loses its volume while nobody else is there: it waits instead of beginning with nothing', async () => {
    await Promise.all(pods.map(pod => pod.stop(0)));
    node.wipeClaim(NAMESPACE, 'data-cache-0');
    const first = await startServer(node, cache, 0);
    await sleep(8000);
    expect(await self(first, 6379, 'ping')).toBe('');
    expect(first.logs('cache')).toContain('may have data; waiting for it');
    pods = [first, ...(await Promise.all([1, 2].map(ordinal => startServer(node, cache, ordinal))))];
    await settled(90);
    expect(primary.name).not.toBe('cache-0');
    await nothingLost();
  }, 240_000);

  test('all are gone, and the volume of the primary with them: one that has the data is promoted', async () => {
    for (const writer of writers) writer.stop();
    await sleep(1000);
    const lost = primary.name;
    await Promise.all(pods.map(pod => pod.stop(0)));
    node.wipeClaim(NAMESPACE, `data-${lost}`);
    pods = await Promise.all([0, 1, 2].map(ordinal => startServer(node, cache, ordinal)));
    await settled(120);
    expect(primary.name).not.toBe(lost);
    await nothingLost();
  }, 240_000);
});
