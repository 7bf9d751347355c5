import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'an account for two',
    it => {
      it['CronJob clean'].spec.jobTemplate.spec.template.spec.serviceAccountName = 'api';
    },
    [
      'own-service-account: CronJob.clean: spec.jobTemplate.spec.template.spec.serviceAccountName is api, as in Deployment api; give each workload an account of its own',
    ],
  ],
  [
    'a selector that takes the neighbour’s pods',
    it => {
      it['StatefulSet database'].spec.template.metadata.labels.app = it[
        'Deployment api'
      ].spec.template.metadata.labels.app = 'shop';
      it['StatefulSet database'].spec.selector.matchLabels = { app: 'shop' };
    },
    [
      'selectors-disjoint: StatefulSet.database: spec.selector app=shop matches the pods of Deployment api too; select by an app.kubernetes.io/instance that no other workload has',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
