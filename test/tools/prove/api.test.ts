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
