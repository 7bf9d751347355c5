import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Api } from '../../../tools/prove/api.ts';

const IMPORTS = fileURLToPath(new URL('../../../imports', import.meta.url));

test('a minor that nobody imported is refused with all steps to it', () => {
  expect(() => new Api(IMPORTS, '1.99')).toThrow(
    'imports/kubernetes has no 1.99.json; add its release to tools/control-plane/versions.ts, then run `npm run import -- 1.99`',
  );
  expect(() => new Api(IMPORTS, '1.33')).toThrow(/1\.33\.json; run `npm run import -- 1\.33`$/);
});

test('a kind that nobody knows leads to the ones that may be meant', () => {
  const api = new Api('imports', '1.35');
  expect(api.namesakes('apps/v1beta1/Deployment')).toEqual(['apps/v1/Deployment']);
  expect(api.namesakes('apps/v1/Deploymnet')).toEqual(['apps/v1/Deployment']);
  expect(api.namesakes('example.com/v1/Widget')).toEqual([]);
});
