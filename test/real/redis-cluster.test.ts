import { readdirSync, rmSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from './pods/certificates.ts';
import { unavailable } from './pods/requirements.ts';
import { until } from './pods/until.ts';
import { STORE } from './redis/fixture.ts';
import { startStore } from './redis/store.ts';
import { Connection } from './redis-cluster/client.ts';
import { Fixture } from './redis-cluster/fixture.ts';
import { missing, startWriter, TAGS } from './redis-cluster/writer.ts';

const why = unavailable();
if (why) console.warn(`redis-cluster.test.ts: ${why}; nothing here is tested`);

let it_: Fixture;
/** Every key that was acknowledged so far, and must be there at the end of each test. */
const kept: string[] = [];

beforeAll(async () => {
  if (!why) it_ = await Fixture.start();
});
afterAll(() => it_?.stop());

async function nothingIsLost(it: Fixture): Promise<void> {
  const client = it.client();
  expect(await missing(client, kept)).toEqual([]);
  client.close();
}

/** Says what the nodes said, where a test fails. */
function cluster(name: string, test: (it: Fixture) => Promise<void>): void {
  it.skipIf(why)(name, async () => {
    const begun = Date.now();
    try {
      await test(it_);
    } catch (error) {
      process.stderr.write(`${it_.logs()}\n`);
      throw error;
    } finally {
      process.stderr.write(`${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
    }
  });
}

describe('a cluster as rendered', () => {
  cluster('forms by itself when all its pods are there', async it => {
    await it.startPods(0, 1, 2, 3, 4);
    await sleep(4000);
    expect(await it.ask(0, 'cluster info')).toContain('cluster_slots_assigned:0');
    await it.startPods(5);
    await it.whole(3);
    const members = await it.members(0);
    const primaries = members.filter(({ primary }) => primary);
    expect(primaries.map(({ pod, slots }) => `${pod} ${slots}`).sort()).toEqual([
      'cache-0 5461',
      'cache-1 5461',
      'cache-2 5462',
    ]);
    const client = it.client();
    for (const tag of TAGS) {
      for (let n = 0; n < 50; n++) await client.send(tag, ['SET', `seed:{${tag}}:${n}`, `seed:{${tag}}:${n}`]);
    }
    kept.push(...TAGS.flatMap(tag => Array.from({ length: 50 }, (_, n) => `seed:{${tag}}:${n}`)));
    // Sent on by names, which the certificates carry.
    expect([...client.sentTo].every(host => /^cache-\d\.cache-pods\.shop-data\.svc\.cluster\.local$/.test(host))).toBe(
      true,
    );
    client.close();
  });

  cluster('speaks TLS only, and to nobody without a login of its own rights', async it => {
    const { ip } = it.pod(0);
    const plain = await new Promise<string>(resolve => {
      const socket = connectPlain(6379, ip, () => socket.write('PING\r\n'));
      socket.on('data', data => resolve(String(data)));
      socket.on('close', () => resolve('closed')).on('error', () => resolve('closed'));
    });
    expect(plain).not.toContain('PONG');

    const host = 'cache-0.cache-pods.shop-data.svc.cluster.local';
    const app = it.as('app_1', it.password('app'));
    const other = createAuthority();
    await expect(Connection.to(host, { ...app, ca: other.ca })).rejects.toThrow('self-signed certificate');
    other.remove();
    await expect(Connection.to(host, { ...app, password: 'guessed' })).rejects.toThrow('WRONGPASS');
    const nobody = await Connection.to(host, { ca: app.ca, addressOf: app.addressOf });
    await expect(nobody.send('PING')).rejects.toThrow('NOAUTH');
    nobody.close();

    const may: Record<string, { can: string[]; cannot: string[] }> = {
      app_1: {
        can: ['CLUSTER SLOTS', 'CLUSTER SHARDS', 'CLUSTER NODES', 'INFO', 'READONLY'],
        cannot: [
          'CLUSTER MEET 10.0.0.1 6379',
          'CLUSTER FAILOVER',
          'CLUSTER RESET',
          'CONFIG GET *',
          'FLUSHALL',
          'ACL LIST',
        ],
      },
      cluster: {
        can: ['CLUSTER NODES'],
        cannot: ['GET x', 'CLUSTER MEET 10.0.0.1 6379', 'CONFIG GET *', 'ACL LIST', 'CLUSTER RESET', 'SHUTDOWN'],
      },
      mover: {
        can: ['CLUSTER NODES', 'DBSIZE'],
        cannot: ['FLUSHALL', 'GET x', 'CONFIG GET *', 'ACL LIST', 'SHUTDOWN'],
      },
      backup: { can: ['PING'], cannot: ['GET x', 'CLUSTER NODES', 'CONFIG GET *'] },
      replica: { can: ['PING'], cannot: ['GET x', 'CLUSTER NODES', 'CONFIG GET *'] },
      exporter: { can: ['INFO'], cannot: ['GET x', 'CONFIG GET *', 'CLUSTER MEET 10.0.0.1 6379'] },
    };
    for (const [user, { can, cannot }] of Object.entries(may)) {
      const connection = await Connection.to(host, it.as(user, it.password(user.replace('_1', ''))));
      for (const command of can) await connection.send(...command.split(' '));
      for (const command of cannot) {
        await expect(connection.send(...command.split(' ')), `${user} ${command}`).rejects.toThrow('NOPERM');
      }
      connection.close();
    }
  });

  cluster('tells Prometheus of itself', async it => {
    const { stdout } = await it
      .pod(1)
      .exec(['curl', '-fsS', 'http://localhost:9121/metrics'], { container: 'exporter' });
    expect(stdout).toMatch(/^redis_up 1$/m);
    expect(stdout).toMatch(/^redis_cluster_enabled 1$/m);
  });

  cluster('loses nothing that a copy had when a primary is killed, and takes it back as a replica', async it => {
    const client = it.client();
    const stop = startWriter(client, 'kill', 1);
    await sleep(2000);
    const { primary, replica } = await it.pair(0);
    await it.stopPods([primary], 0);
    await until(
      'its replica is primary',
      async () =>
        (await it.members(replica)).some(
          ({ pod, primary: is, slots }) => pod === `cache-${replica}` && is && slots > 0,
        ),
      20,
    );
    await sleep(1500);
    await it.startPods(primary);
    await it.whole(3);
    const { acknowledged, longestGapMs } = await stop();
    for (const key of acknowledged) kept.push(key);
    process.stderr.write(`killed: ${acknowledged.length} acknowledged, longest gap ${longestGapMs} ms\n`);
    expect(longestGapMs).toBeLessThan(20_000);
    expect(await missing(client, kept)).toEqual([]);
    expect((await it.members(1)).find(({ pod }) => pod === `cache-${primary}`)?.primary).toBe(false);
    client.close();
  });

  cluster('gives a replica without its volume its place again', async it => {
    const { replica } = await it.pair(1);
    await it.stopPods([replica], 0);
    it.wipe(replica);
    await it.startPods(replica);
    await it.whole(3);
    await nothingIsLost(it);
  });

  cluster('keeps the data where a primary comes back at once, at its address, without its volume', async it => {
    const { primary, replica } = await it.pair(2);
    const before = it.pod(primary).ip;
    const folder = it.folder(primary);
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    await it.pod(primary).kill('cache');
    await until(
      'its replica is primary',
      async () =>
        (await it.members(replica)).some(
          ({ pod, primary: is, slots }) => pod === `cache-${replica}` && is && slots > 0,
        ),
      30,
    );
    await it.whole(3);
    expect(it.pod(primary).ip).toBe(before);
    await nothingIsLost(it);
  });

  cluster('loses nothing in a rolling restart', async it => {
    const client = it.client();
    const stop = startWriter(client, 'roll');
    for (const ordinal of [5, 4, 3, 2, 1, 0]) {
      await it.stopPods([ordinal]);
      await it.startPods(ordinal);
      await until(`cache-${ordinal} is ready`, () => it.pod(ordinal).ready, 60);
    }
    const { acknowledged, errors, longestGapMs } = await stop();
    for (const key of acknowledged) kept.push(key);
    process.stderr.write(
      `rolled: ${acknowledged.length} acknowledged, ${errors.length} errors, longest gap ${longestGapMs} ms\n`,
    );
    await it.whole(3);
    expect(await missing(client, kept)).toEqual([]);
    expect(longestGapMs).toBeLessThan(5000);
    client.close();
  });

  cluster('finds itself again when all have new addresses', async it => {
    const before = it.pods.map(({ ip }) => ip);
    await it.stopPods([0, 1, 2, 3, 4, 5], 0);
    await it.startPods(0, 1, 2, 3, 4, 5);
    expect(it.pods.filter(({ ip }) => before.includes(ip))).toEqual([]);
    await it.whole(3);
    await nothingIsLost(it);
  });

  cluster('loses one shard with both its pods, and no other', async it => {
    const { primary, replica } = await it.pair(0);
    await it.stopPods([primary, replica], 0);
    await sleep(8000);
    const answers = await Promise.all(
      TAGS.map(tag =>
        it
          .client()
          .send(tag, ['GET', `seed:{${tag}}:1`])
          .then(
            () => 'answers',
            (error: Error) => error.message,
          ),
      ),
    );
    expect(answers).toContain('answers');
    // Whoever has its keys is named, and is not there.
    expect(answers.filter(answer => answer.endsWith('is unknown')).length).toBeGreaterThan(0);
    await it.startPods(primary, replica);
    await it.whole(3);
    await nothingIsLost(it);
  });

  cluster('grows by a shard, and moves its slots when it is told to', async it => {
    await it.change({ shards: 4 });
    await it.startPods(6, 7);
    await until(
      'the new ones are a primary and its copy',
      async () => {
        const members = await it.members(0);
        const six = members.find(({ pod }) => pod === 'cache-6');
        return (
          members.every(({ up }) => up) &&
          members.length === 8 &&
          six?.primary &&
          members.some(({ of }) => of === six.id)
        );
      },
      40,
    );
    const client = it.client();
    const stop = startWriter(client, 'grow');
    const { codes, logs } = await it.run('cache-rebalance', 'a');
    const { acknowledged, errors } = await stop();
    for (const key of acknowledged) kept.push(key);
    expect(codes, logs).toEqual({ 'cache-rebalance': 0 });
    await it.whole(4);
    expect((await it.members(0)).filter(({ slots }) => slots > 0).map(({ slots }) => slots)).toEqual([
      4096, 4096, 4096, 4096,
    ]);
    process.stderr.write(
      `grown: ${acknowledged.length} acknowledged meanwhile, ${errors.length} errors ${[...new Set(errors)].slice(0, 3)}\n`,
    );
    expect(await missing(client, kept)).toEqual([]);
    client.close();
  });

  cluster('is dumped shard by shard, and gets back what it no longer has', async it => {
    const store = await startStore(it.node.address);
    it.node.setName(STORE, it.node.address);
    let client = it.client();
    const odd = (tag: string) => `{${tag}} "\n\\\u00e9`;
    for (const tag of TAGS) await client.send(tag, ['SET', odd(tag), 'odd']);
    try {
      const dumped = await it.run('cache-backup', 'a');
      expect(dumped.codes, dumped.logs).toEqual({ 'cache-backup': 0 });
      const listed = (await store.keys()).sort();
      const [, date, hour] = /^staging\/shop\/cache\/(\d{4}\/\d{2}\/\d{2})\/(\d{2})-/.exec(listed[0]!)!;
      expect(listed).toEqual([1, 2, 3, 4].map(n => `staging/shop/cache/${date}/${hour}-${n}.rdb.gz`));

      const { primary, replica } = await it.pair(1);
      await it.stopPods([primary, replica], 0);
      for (const ordinal of [primary, replica]) it.wipe(ordinal);
      await it.startPods(primary, replica);
      const by = [0, 2].find(ordinal => ordinal !== primary && ordinal !== replica)!;
      const lost = await until(
        'its slots are lost, and all pods are there',
        async () => {
          const members = await it.members(by);
          const empty = members.filter(({ primary: is, slots, up }) => is && slots === 0 && up);
          return empty.length === 2 && members.find(({ slots, up }) => slots > 0 && !up)?.id;
        },
        60,
      );
      const takeOver = (id: string) =>
        it.pod(primary).exec(['sh', '/etc/drydock/redis/take-over.sh', id], { container: 'cache' });
      const alive = (await it.members(by)).find(({ slots, up }) => slots > 0 && up)!;
      expect(await takeOver(alive.id)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/it has not failed|is a copy of it/),
      });
      await until('the lost one has failed', async () => (await takeOver(lost)).code === 0, 30);
      await it.whole(4);
      client.close();
      client = it.client();
      expect(await it.size()).toBeLessThan(kept.length);
      for (const tag of TAGS) await client.send(tag, ['SET', `seed:{${tag}}:0`, 'newer'], ['DEL', odd(tag)]);
      await it.change({ shards: 4, restoreFrom: { at: `${date!.replaceAll('/', '-')}T${hour}:00:00Z` } });
      const restored = await it.run('cache-restore', 'a');
      expect(restored.codes, restored.logs).toEqual({ 'cache-restore': 0 });
      process.stderr.write(restored.logs);
      const newer = TAGS.map(tag => `seed:{${tag}}:0`);
      expect(await missing(client, kept)).toEqual(newer);
      for (const tag of TAGS) expect(await client.send(tag, ['GET', `seed:{${tag}}:0`])).toEqual(['newer']);
      for (const tag of TAGS) expect(await client.send(tag, ['GET', odd(tag)])).toEqual(['odd']);
      await store.damage(listed[2]!);
      const damaged = await it.run('cache-restore', 'b');
      expect(damaged.codes['cache-restore']).toBe(1);
      expect(damaged.logs).toContain(`${hour}-3.rdb.gz is damaged; state another hour in restoreFrom`);
      client.close();
    } finally {
      await store.stop();
    }
  });
});
