import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

/** What a script of the agent's directory answers; the pod is a stand-in that writes down what it is asked. */
function python(script: string): unknown {
  const text = `
import json, sys, types
sys.dont_write_bytecode = True
sys.path.insert(0, 'charts/postgres/agent')
sys.modules['psycopg2'] = types.ModuleType('psycopg2')
class Pod:
    name, seen, asked = 'b', {}, []
    def __init__(self, answers): self.answers = answers
    def patroni(self, method, path, body=None):
        if method == 'GET': return self.answers[path]
        self.asked.append([method, path, body])
    def role(self): return self.answers['/patroni']['role']
    def changed(self, key, digest):
        before, self.seen[key] = self.seen.get(key), digest
        return before != digest
    def log(self, *_): pass
${script}`;
  return JSON.parse(execFileSync('python3', ['-c', text], { encoding: 'utf8' }));
}

describe('configuration.py', () => {
  const difference = (declared: unknown, there: unknown) =>
    python(`
import configuration
declared, there = json.loads(r'''${JSON.stringify([declared, there])}''')
print(json.dumps(configuration.difference(declared, there)))`);

  test('sends what differs, and takes away what stands nowhere in code', () => {
    const there = {
      ttl: 30,
      standby_cluster: { host: 'a' },
      postgresql: { parameters: { jit: 'on', work_mem: '4MB' } },
    };
    const declared = { ttl: 30, failsafe_mode: true, postgresql: { parameters: { jit: 'off' } } };
    expect(difference(declared, there)).toEqual({
      standby_cluster: null,
      failsafe_mode: true,
      postgresql: { parameters: { work_mem: null, jit: 'off' } },
    });
  });

  test('sends nothing where nothing differs', () => {
    const same = { ttl: 30, postgresql: { parameters: { jit: 'off' } } };
    expect(difference(same, same)).toEqual({});
  });
});

describe('restarts.py', () => {
  const REASON = { max_connections: { old_value: '100', new_value: '110' } };
  const waits = { pending_restart: true };
  const members = (a: object, b: object, leader: object) => [
    { name: 'a', role: 'quorum_standby', state: 'streaming', ...a },
    { name: 'b', role: 'quorum_standby', state: 'streaming', ...b },
    { name: 'c', role: 'leader', state: 'running', ...leader },
  ];
  /** How often the server asked for its restart, by round. */
  const restarts = (name: string, role: string, cluster: object[], { rounds = 1, later = 0 } = {}) =>
    python(`
import restarts
clock = 0
restarts.time = types.SimpleNamespace(monotonic=lambda: clock)
mine = {'role': '${role}', 'state': 'running', 'pending_restart': True, 'pending_restart_reason': ${JSON.stringify(REASON)}}
pod = Pod({'/patroni': mine, '/cluster': {'members': json.loads('${JSON.stringify(cluster)}')}})
pod.name = '${name}'
for _ in range(${rounds}):
    restarts.run(pod)
    clock += ${later}
print(len(pod.asked))`);

  test('followers go one by one, by name', () => {
    const all = members(waits, waits, waits);
    expect(restarts('a', 'replica', all)).toBe(1);
    expect(restarts('b', 'replica', all)).toBe(0);
    expect(restarts('b', 'replica', members({}, waits, waits))).toBe(1);
  });

  test('nobody goes while another is away', () => {
    expect(restarts('b', 'replica', members({ state: 'starting' }, waits, waits))).toBe(0);
  });

  test('the leader goes last, and does not wait for ever for followers that cannot go before it', () => {
    expect(restarts('c', 'primary', members({}, {}, waits))).toBe(1);
    expect(restarts('c', 'primary', members(waits, {}, waits), { rounds: 6, later: 10 })).toBe(0);
    expect(restarts('c', 'primary', members(waits, {}, waits), { rounds: 9, later: 10 })).toBe(1);
  });

  test('once for a reason: a setting that cannot be reached restarts nobody for ever', () => {
    expect(restarts('a', 'replica', members(waits, {}, {}), { rounds: 5 })).toBe(1);
  });
});
