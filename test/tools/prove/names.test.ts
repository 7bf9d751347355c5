import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a name with capitals',
    it => {
      it['Policy limit'].metadata.name = 'Limit';
      it['Ingress api'].metadata.annotations['nginx.org/policies'] = 'Limit';
    },
    [
      'names: Policy.Limit: metadata.name is "Limit"; use at most 253 small letters, digits, "-" and ".", with a letter or digit at both ends',
    ],
  ],
  [
    'a Service that begins with a digit',
    it => {
      it['Service primary'].metadata.name = '1st';
    },
    [
      'names: Service.1st: metadata.name is "1st"; begin with a small letter, then at most 62 small letters, digits and "-": it is a DNS name',
    ],
  ],
  [
    'an object’s namespace that is no name',
    it => {
      it['Policy limit'].metadata.namespace = 'Shop';
      it['Ingress api'].metadata.annotations['nginx.org/policies'] = 'Shop/limit';
    },
    [
      'names: Policy.limit: metadata.namespace is "Shop"; use at most 63 small letters, digits and "-", with a letter or digit at both ends',
      'namespace-guards: Policy.limit: metadata.namespace is Shop, which is not the unit’s; use one of shop',
    ],
  ],
  [
    'a CronJob whose Jobs would have too long a name',
    it => {
      it['CronJob clean'].metadata.name = 'c'.repeat(53);
    },
    [
      'names: CronJob.ccccccccccccccccccccccccccccccccccccccccccccccccccccc: metadata.name "ccccccccccccccccccccccccccccccccccccccccccccccccccccc" has 53 characters; use at most 52 small letters, digits, "-" and ".", with a letter or digit at both ends',
    ],
  ],
  [
    'a StatefulSet whose pods would have too long a label',
    it => {
      it['StatefulSet database'].metadata.name = 'd'.repeat(53);
    },
    [
      'names: StatefulSet.ddddddddddddddddddddddddddddddddddddddddddddddddddddd: metadata.name "ddddddddddddddddddddddddddddddddddddddddddddddddddddd" has 53 characters; use at most 52 small letters, digits, "-" and ".", with a letter or digit at both ends',
    ],
  ],
  [
    'an RBAC name with a slash',
    it => {
      it['Role database'].metadata.name = it['RoleBinding database'].roleRef.name = 'a/b';
    },
    ['names: Role.a/b: metadata.name is "a/b"; leave out "/" and "%"'],
  ],
  [
    'an RBAC name with a colon is fine',
    it => {
      it['Role database'].metadata.name = it['RoleBinding database'].roleRef.name = 'shop:database';
    },
    [],
  ],
  [
    'a ScaledObject whose name its metrics would not know',
    it => {
      it['ScaledObject worker'].metadata.name = 'w'.repeat(64);
    },
    [
      `names: ScaledObject.${'w'.repeat(64)}: metadata.name "${'w'.repeat(64)}" has 64 characters; use at most 63 small letters, digits, "-" and ".", with a letter or digit at both ends`,
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
