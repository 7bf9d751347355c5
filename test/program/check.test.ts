import { rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Checkout } from './checkout.ts';

let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
  checkout.intoGit();
});
afterAll(() => checkout.remove());

const DEPLOYMENT = 'dist/staging/zapora/services/zapora/Deployment.api.yaml';

describe('check', () => {
  test('passes where dist/ is what the code says and committed', () => {
    const { code, output } = checkout.run('check');
    expect(output).toMatch(/dist\/ is what the code says/);
    expect(code).toBe(0);
  });

  test('names an object that was edited by hand', () => {
    writeFileSync(checkout.at(DEPLOYMENT), '# drydock: zapora/api/deployment\nkind: Edited\n');
    const { code, output } = checkout.run('check');
    expect(output).toContain(`${DEPLOYMENT} (zapora/api/deployment): not what the code says`);
    expect(code).toBe(1);
    checkout.git('checkout', '-q', 'dist');
  });

  test('names an object that was forgotten', () => {
    rmSync(checkout.at(DEPLOYMENT));
    const { code, output } = checkout.run('check');
    expect(output).toContain(`${DEPLOYMENT} (zapora/api/deployment): rendered, but not there`);
    expect(code).toBe(1);
    checkout.git('checkout', '-q', 'dist');
  });

  test('names an object that is stale', () => {
    writeFileSync(checkout.at(`${DEPLOYMENT}.old.yaml`), '# drydock: zapora/old\n');
    const { code, output } = checkout.run('check');
    expect(output).toContain(`${DEPLOYMENT}.old.yaml: no longer rendered`);
    expect(code).toBe(1);
    rmSync(checkout.at(`${DEPLOYMENT}.old.yaml`));
  });

  test('names a render that was not committed, new files too', () => {
    checkout.edit('apps/zapora/images.yaml', 'staging: 1.4.2', 'staging: 1.4.3');
    expect(checkout.run('synth').code).toBe(0);
    const { code, output } = checkout.run('check');
    expect(output).toContain(`${DEPLOYMENT}: not committed`);
    expect(code).toBe(1);
    checkout.git('checkout', '-q', '.');
  });

  test('names a manifest of somebody else, which Argo CD would apply; synth warns of it and leaves it alone', () => {
    const stranger = checkout.at('dist/us-east-1a/zapora/services/extra.yaml');
    writeFileSync(stranger, 'kind: ConfigMap\n');
    const said = 'dist/us-east-1a/zapora/services/extra.yaml: not ours, and Argo CD would apply it unproven';
    expect(checkout.run('synth')).toMatchObject({ code: 0, output: expect.stringContaining(`warning: ${said}`) });
    expect(checkout.run('check')).toMatchObject({ code: 1, output: expect.stringContaining(said) });
    rmSync(stranger);
  });

  describe('a waiver past its day', () => {
    const APP = 'apps/zapora/index.ts';
    beforeAll(() => {
      checkout.edit(
        APP,
        '      files: logging,\n',
        "      files: logging,\n      patch: { deployment: it => { it.spec!.strategy = { type: 'Recreate' }; } },\n",
      );
      checkout.edit(
        APP,
        '    api.expose({',
        "    waive(api, { rule: 'rollout', reason: 'one writer', owner: 'ordering', expires: '2020-01-31' });\n    api.expose({",
      );
      checkout.edit(APP, '  WebService,\n', '  WebService,\n  waive,\n');
    });

    test('warns, and still renders', () => {
      const { code, output } = checkout.run('synth');
      expect(output).toMatch(/22 units in 9 clusters: 0 added, 5 changed, 0 removed/); // Argo CD's objects too
      expect(output).toMatch(
        /warning: .*staging.*: zapora\/api\/deployment: the waiver of rollout ran out on 2020-01-31 \(ordering: one writer\)/,
      );
      expect(code).toBe(0);
      checkout.commit();
      expect(checkout.run('check').code).toBe(0);
    });

    test('fails the change that touches what it excuses, and no other', () => {
      checkout.edit('clusters/aws.ts', "email: 'platform@example.com'", "email: 'sre@example.com'");
      expect(checkout.run('synth').code).toBe(0);
      checkout.commit();
      expect(checkout.run('check', '--base', 'HEAD~1').code).toBe(0);

      checkout.edit('apps/zapora/images.yaml', 'staging: 1.4.2', 'staging: 1.4.3');
      expect(checkout.run('synth').code).toBe(0);
      checkout.commit();
      const { code, output } = checkout.run('check', '--base', 'HEAD~1');
      expect(output).toContain(`this change touches ${DEPLOYMENT}`);
      expect(output).not.toContain('this change touches dist/us-east-1a');
      expect(code).toBe(1);
    });

    test('a base that is no commit is an error, not "nothing changed"', () => {
      const { code, output } = checkout.run('check', '--base', 'nowhere');
      expect(output).toMatch(/git diff: .*nowhere.*name a commit that this checkout has/s);
      expect(code).toBe(1);
    });
  });

  test('an alert that is silenced past its day: synth warns, and the change that touches its rules fails', () => {
    const APP = 'apps/zapora/index.ts';
    const RULES = 'dist/staging/zapora/services/zapora/PrometheusRule.api.yaml';
    const agreed = "reason: 'a sale', owner: 'ordering', expires: '2020-01-31'";
    checkout.edit(
      APP,
      '    objectives(api);\n',
      `    silence(api, { alert: 'ErrorRateHigh', ${agreed} });\n    objectives(api);\n`,
    );
    checkout.edit(APP, '  secureHeaders,\n', '  secureHeaders,\n  silence,\n  tune,\n');
    const { code, output } = checkout.run('synth');
    expect(output).toMatch(
      /warning: .*staging.*zapora\/api.*ErrorRateHigh is silenced until 2020-01-31 \(ordering: a sale\)/,
    );
    expect(code).toBe(0);
    checkout.commit();
    expect(checkout.run('check').code).toBe(0);

    const tuned = `tune(api, { alert: 'ServiceDown', threshold: 0.4, ${agreed.replace('2020', '2999')} });`;
    checkout.edit(APP, '    objectives(api);\n', `    ${tuned}\n    objectives(api);\n`);
    expect(checkout.run('synth').code).toBe(0);
    checkout.commit();
    const touched = checkout.run('check', '--base', 'HEAD~1');
    expect(touched.output).toContain(`this change touches ${RULES}`);
    expect(touched.code).toBe(1);
  });
});
