import { afterAll, beforeAll, expect, test } from 'vitest';
import { Checkout } from './checkout.ts';

/** The project as a folder of a larger repository: git counts paths from the root of that one. */
let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout('platform');
  checkout.intoGit('..');
});
afterAll(() => checkout.remove());

test('check names what is not committed below its own folder', () => {
  checkout.edit('apps/zapora/images.yaml', 'staging: 1.4.2', 'staging: 1.4.3');
  expect(checkout.run('synth').code).toBe(0);
  const { code, output } = checkout.run('check');
  expect(output).toMatch(/^dist\/staging\/zapora\/services\/zapora\/Deployment\.api\.yaml: not committed/m);
  expect(code).toBe(1);
  checkout.git('checkout', '-q', '.');
});

test('check --base sees a change under an expired waiver', () => {
  const app = 'apps/zapora/index.ts';
  checkout.edit(
    app,
    '      files: logging,\n',
    "      files: logging,\n      patch: { deployment: it => { it.spec!.strategy = { type: 'Recreate' }; } },\n",
  );
  checkout.edit(
    app,
    '    api.expose({',
    "    waive(api, { rule: 'rollout', reason: 'one writer', owner: 'ordering', expires: '2020-01-31' });\n    api.expose({",
  );
  checkout.edit(app, '  WebService,\n', '  WebService,\n  waive,\n');
  expect(checkout.run('synth').code).toBe(0);
  checkout.commit();
  const { code, output } = checkout.run('check', '--base', 'HEAD~1');
  expect(output).toContain('this change touches dist/staging/zapora/services/zapora/Deployment.api.yaml');
  expect(code).toBe(1);
});
