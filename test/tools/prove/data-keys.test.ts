import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

const REMEDY = 'use at most 253 letters, digits, "-", "_" and ".", without ".." in front';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a path as a key',
    it => {
      it['ConfigMap api'].data['etc/api.yaml'] = 'x';
    },
    [`data-keys: ConfigMap.api: data["etc/api.yaml"] is no key that the API server takes; ${REMEDY}`],
  ],
  [
    'a key that leads out of its folder',
    it => {
      it['ConfigMap api'].binaryData = { '..a': 'eA==' };
    },
    [`data-keys: ConfigMap.api: binaryData["..a"] is no key that the API server takes; ${REMEDY}`],
  ],
  [
    'a key that is too long',
    it => {
      it['ConfigMap api'].data['k'.repeat(254)] = 'x';
    },
    [`data-keys: ConfigMap.api: data.${'k'.repeat(254)} is no key that the API server takes; ${REMEDY}`],
  ],
  [
    'the longest key, and a hidden file',
    it => {
      it['ConfigMap api'].data['k'.repeat(253)] = 'x';
      it['ConfigMap api'].data['.profile'] = 'x';
    },
    [],
  ],
  [
    'a key of a Secret to be',
    it => {
      it['ExternalSecret api'].spec.data.push({ secretKey: 'a b', remoteRef: { key: 'shop/a' } });
    },
    [`data-keys: ExternalSecret.api: spec.data[1].secretKey "a b" is no key that the API server takes; ${REMEDY}`],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
