import { writeFileSync } from 'node:fs';
import { App } from 'cdk8s';
import { expect, test } from 'vitest';
import { Redis, RedisCluster, Size } from '../../charts/index.ts';
import { Platform } from '../../apps/platform/index.ts';
import { rendered, service, system, judged as laws } from '../charts/fixture.ts';
import { local, production, staging } from '../site.ts';
import { ruleFile, testedAlerts } from '../real/alerts/rules.ts';
import { caseOf, checked, faultsOfCase, judged, told } from '../real/alerts/judge.ts';
import { mutantsOf } from '../real/alerts/mutants.ts';
import { redis } from '../real/alerts/cases/redis.ts';
import { platform } from '../real/alerts/cases/platform.ts';
import { stringify } from 'yaml';

const big = { memory: Size.gibibytes(4), storage: Size.gibibytes(20) };
function shop(tier: 'development' | 'production', eviction: 'noeviction' | 'allkeys-lru') {
  const of = system({ tier });
  const cache = new Redis(of, 'cache', { ...big, eviction, instances: tier === 'development' ? 1 : 3 });
  service(of, 'web', { env: { URL: cache.url } });
  if (tier === 'production') new RedisCluster(of, 'many', { ...big, eviction, shards: 3, replicas: eviction === 'noeviction' ? 2 : 1 });
  return of;
}
test('all', async () => {
  const units = [shop('production', 'noeviction'), shop('production', 'allkeys-lru'), shop('development', 'noeviction'),
    ...[local, production, staging].map(cluster => new Platform(new App(), { ...cluster, role: 'independent' }))];
  const files = units.flatMap((unit, i) => rendered(unit).all.filter(m => m.kind === 'PrometheusRule').map(m => ruleFile(`c${i}/${unit.name}/PrometheusRule.${m.metadata.name}.yaml`, m as never)));
  units.forEach((u, i) => { const f = laws(u).filter(x => !x.startsWith('nodes-hold')); if (f.length) console.log(i, u.name, f.slice(0, 20)); });
  writeFileSync('/tmp/rules.yaml', stringify(files));
  const cases = { ...redis, ...platform };
  const own = files.filter(f => /redis|cache|many|platform/.test(f.file));
  const alerts = testedAlerts(own).filter(({ alert }) => { if (!Object.hasOwn(cases, alert.name)) { console.log('no case', alert.name, alert.labels.service); return false; } return true; });
  const names = new Set(alerts.map(a => a.alert.name));
  console.log(alerts.length, names.size, 'unused', Object.keys(cases).filter(n => !names.has(n)));
  for (const c of new Set(files.map(f => f.cluster))) { const s = await checked(files.filter(f => f.cluster === c)); if (s) console.log(c, s); }
  const verdicts = await judged(alerts, cases as never);
  console.log(verdicts.filter(v => v.fault).map(told).join('\n\n'));
  console.log(alerts.flatMap(t => faultsOfCase(t, caseOf(t, cases as never))));
  const first = [...names].map(n => alerts.find(a => a.alert.name === n)!);
  const mutants = first.flatMap(mutantsOf);
  const mv = await judged(mutants.map(m => m.tested), cases as never);
  console.log('survivors', mutants.filter(m => mv.every(v => v.tested !== m.tested || v.fault === '')).map(m => `${m.tested.alert.name}: ${m.what}`));
  expect(verdicts.filter(v => v.fault)).toEqual([]);
}, 300000);
