import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../../charts/redis-cluster/scripts/place.awk', import.meta.url));

/** One line of CLUSTER NODES: the pod's ordinal, what it is, whose copy, its slots. */
interface Node {
  readonly n: number;
  readonly is?: string;
  readonly of?: number;
  readonly slots?: string;
  readonly link?: string;
}

/** What the node `me` is to do by its view. */
function place(view: readonly Node[], { me, pods = 6, shards = 3, replicas = 1 }: Record<string, number>): string {
  const lines = view.map(({ n, is = 'master', of, slots = '', link = 'connected' }) => {
    const flags = n === me ? `myself,${is}` : is;
    const follows = of === undefined ? '-' : `id${of}`;
    return `id${n} 10.0.0.${n}:6379@16379,cache-${n} ${flags} ${follows} 0 0 1 ${link} ${slots}`.trimEnd();
  });
  const names = Array.from({ length: pods! }, (_, n) => `cache-${n}`).join(' ');
  const args = ['-v', `names=${names}`, '-v', `shards=${shards}`, '-v', `replicas=${replicas}`, '-f', SCRIPT];
  return execFileSync('awk', args, { input: `${lines.join('\n')}\n`, encoding: 'utf8' }).trim();
}

const EMPTY: readonly Node[] = [0, 1, 2, 3, 4, 5].map(n => ({ n }));
const RANGES = ['0-5460', '5461-10921', '10922-16383'];
const PRIMARIES: readonly Node[] = RANGES.map((slots, n) => ({ n, slots }));
const COPIES: readonly Node[] = [3, 4, 5].map(n => ({ n, is: 'slave', of: n - 3 }));

describe('a new cluster', () => {
  test('shares the slots among the first nodes, when all are there', () => {
    expect([0, 1, 2].map(me => place(EMPTY, { me }))).toEqual(['take 0 5460', 'take 5461 10921', 'take 10922 16383']);
    expect(place(EMPTY, { me: 3 })).toBe('wait for the primaries');
  });

  test('waits for one that is not there: it may know of a cluster', () => {
    expect(place(EMPTY.slice(0, 5), { me: 0 })).toBe('wait for all nodes: 5 of 6 are there');
    const silent = EMPTY.map(node => (node.n === 4 ? { ...node, link: 'disconnected' } : node));
    expect(place(silent, { me: 0 })).toBe('wait for all nodes: 5 of 6 are there');
  });

  test('goes on where it was interrupted', () => {
    const view = EMPTY.map(node => (node.n === 1 ? { ...node, slots: RANGES[1]! } : node));
    expect(place(view, { me: 0 })).toBe('take 0 5460');
    expect(place(view, { me: 1 })).toBe('keep');
  });

  test('takes no slot that somebody has', () => {
    const view = [...EMPTY, { n: 9, is: 'master,fail', slots: '100-200', link: 'disconnected' }];
    expect(place(view, { me: 0 })).not.toMatch(/^take/);
  });

  test('gives each primary one of the rest', () => {
    const view = [...PRIMARIES, ...EMPTY.slice(3)];
    expect([3, 4, 5].map(me => place(view, { me }))).toEqual(['replicate id0', 'replicate id1', 'replicate id2']);
  });
});

describe('an empty node of a cluster', () => {
  test('copies the shard that lacks a copy', () => {
    const view = [...PRIMARIES, ...COPIES.filter(({ n }) => n !== 4), { n: 4 }];
    expect(place(view, { me: 4 })).toBe('replicate id1');
  });

  test('goes where copies are fewest', () => {
    const view = [...PRIMARIES, ...COPIES, { n: 6, is: 'slave', of: 0 }, { n: 7 }, { n: 8 }];
    expect(place(view, { me: 7, pods: 9, replicas: 2 })).toBe('replicate id1');
    expect(place(view, { me: 8, pods: 9, replicas: 2 })).toBe('replicate id2');
  });

  test('does not copy one that is lost, and does not take its slots', () => {
    const lost = [{ n: 9, is: 'master,fail', slots: RANGES[0]!, link: 'disconnected' }, ...PRIMARIES.slice(1)];
    const view = [...lost, ...COPIES.slice(1), { n: 0 }, { n: 3 }];
    expect(place(view, { me: 0 })).toBe('wait: no shard lacks a replica');
    expect(place(view, { me: 3 })).toBe('wait: no shard lacks a replica');
  });

  test('becomes the primary of a shard that is to come, or its copy', () => {
    const view = [...PRIMARIES, ...COPIES, { n: 6 }, { n: 7 }];
    expect(place(view, { me: 6, pods: 8, shards: 4 })).toBe('wait for slots, which a rebalance moves');
    expect(place(view, { me: 7, pods: 8, shards: 4 })).toBe('replicate id6');
  });
});

test('who has slots, or follows, keeps its place', () => {
  const view = [...PRIMARIES, ...COPIES];
  for (const me of [0, 5]) expect(place(view, { me })).toBe('keep');
  // In the middle of a move, too.
  expect(place([{ n: 0, slots: '[5-<-id1] 0-4' }, ...PRIMARIES.slice(1), ...COPIES], { me: 0 })).toBe('keep');
});
