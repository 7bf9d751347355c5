import { expect, test } from 'vitest';
import { Duration, Cpu, Size, Migration } from '../../../charts/index.ts';
import type { PrometheusRule } from '../../../imports/custom.ts';
import { rendered, judged as lawful } from '../fixture.ts';
import { postgres as make } from './fixture.ts';
import { production } from '../../site.ts';
import { caseOf, checked, faultsOfCase, judged, told } from '../../real/alerts/judge.ts';
import { mutantsOf } from '../../real/alerts/mutants.ts';
import { ruleFile, testedAlerts } from '../../real/alerts/rules.ts';
import { postgres as cases } from '../../real/alerts/cases/postgres.ts';

function files(props: any, site: any, name: string, migrate = false) {
  const { shop, database } = make(props, site);
  if (migrate) new Migration(shop, 'migrate', { database, image: 'ghcr.io/shop/api:1.0.0', command: ['x'], writes: 'stop', cpu: Cpu.millis(100), memory: Size.mebibytes(128), deadline: Duration.minutes(30) });
  return rendered(shop).all.filter(m => m.kind === 'PrometheusRule').map(m => ruleFile(`${name}/shop/PrometheusRule.${m.metadata.name}.yaml`, m as unknown as PrometheusRule));
}
const full = { databases: { shop: { roles: { app: { may: 'own' }, m: { may: 'migrate' } } } }, backups: { full: '0 2 * * 0', differential: '0 3 * * *', keep: Duration.days(30), copies: [{ to: 'warm', schedule: '0 4 * * 0', keep: Duration.days(90) }], proof: { schedule: '0 5 * * *' } } };
const stores = { objectStores: { ...production.objectStores, warm: { provider: 'azure', account: 'b', bucket: 'warm', region: 'w' } } };
test('scratch', async () => {
  const all = [
    ...files(full, stores, 'a', true),
    ...files({}, { role: 'standby', follows: production }, 'b'),
    ...files({ instances: 1, backups: undefined }, { tier: 'development' }, 'c'),
  ];
  const alerts = testedAlerts(all).filter(({ alert }) => alert.name in cases);
  console.log(alerts.length, testedAlerts(all).map(({ alert }) => alert.name).filter(n => !(n in cases)));
  console.log('unused', Object.keys(cases).filter(n => !alerts.some(({ alert }) => alert.name === n)));
  for (const c of ['a','b','c']) console.log(await checked(all.filter(f => f.cluster === c)));
  console.log(alerts.flatMap(t => faultsOfCase(t, caseOf(t, cases))));
  const verdicts = await judged(alerts, cases);
  console.log(verdicts.filter(v => v.fault).map(told).join('\n\n'));
  const mutants = alerts.flatMap(mutantsOf);
  const mv = await judged(mutants.map(m => m.tested), cases);
  console.log(mutants.filter(({ tested }) => mv.every(v => v.tested !== tested || v.fault === '')).map(({ what, tested }) => `${tested.alert.name}: ${what}`).join('\n'));
}, 200000);
test('laws', () => {
  for (const [p, s] of [[full, stores], [{}, { role: 'standby', follows: production }], [{ instances: 1, backups: undefined }, { tier: 'development' }]] as any) {
    const { shop, database } = make(p, s);
    console.log(lawful(shop));
  }
});
