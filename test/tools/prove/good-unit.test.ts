import { expect, test } from 'vitest';
import { broken } from './broken.ts';

test.each(['development', 'staging', 'production'])('a good unit has no findings in tier %s', tier => {
  expect(broken(() => {}, { tier })).toEqual([]);
});
