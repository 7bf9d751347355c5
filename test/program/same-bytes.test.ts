import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Checkout } from './checkout.ts';

let checkout: Checkout;
let committed: string;
beforeAll(() => {
  checkout = new Checkout();
  committed = checkout.dist();
});
afterAll(() => checkout.remove());

describe('the same input gives the same bytes', () => {
  test('in another folder, time zone and language, from another working directory', () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'elsewhere-'));
    const env = { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', CDK8S_DISABLE_SORT: '1' };
    const { code, output } = checkout.spawn(process.execPath, [checkout.at('start.cjs'), 'synth'], {
      env,
      cwd: elsewhere,
    });
    rmSync(elsewhere, { recursive: true });
    expect(output).toMatch(/0 added, 0 changed, 0 removed/);
    expect(code).toBe(0);
    expect(checkout.dist()).toBe(committed);
  });

  test('through the cdk8s CLI, into its own folder and into dist', () => {
    expect(checkout.cdk8s().code).toBe(0);
    expect(checkout.dist()).toBe(committed);
    expect(checkout.cdk8s('-o', 'dist').code).toBe(0);
    expect(checkout.dist()).toBe(committed);
  });
});

describe('what changed is written, and nothing else', () => {
  test('a stale file goes, an edited one comes back, a foreign one stays, the rest is not touched', () => {
    const untouched = checkout.at('dist/staging/zapora/services/zapora/Service.api.yaml');
    const { mtimeMs } = statSync(untouched);
    writeFileSync(
      checkout.at('dist/staging/zapora/services/zapora/Deployment.gone.yaml'),
      '# drydock: zapora/gone/deployment\nkind: Deployment\n',
    );
    writeFileSync(
      checkout.at('dist/staging/zapora/services/zapora/Deployment.api.yaml'),
      '# drydock: zapora/api/deployment\nkind: Edited\n',
    );
    const { output } = checkout.run('synth');
    expect(output).toContain('changed  dist/staging/zapora/services/zapora/Deployment.api.yaml');
    expect(output).toContain('removed  dist/staging/zapora/services/zapora/Deployment.gone.yaml');
    expect(checkout.dist()).toBe(committed);
    expect(statSync(untouched).mtimeMs).toBe(mtimeMs);

    const foreign = checkout.at('dist/NOTES.md');
    writeFileSync(foreign, 'mine\n');
    expect(checkout.run('synth').code).toBe(0);
    expect(statSync(foreign).size).toBe(5);
    rmSync(foreign);
  });

  test('a foreign file at a path of ours is refused by name', () => {
    const file = 'dist/staging/zapora/services/zapora/Service.api.yaml';
    writeFileSync(checkout.at(file), 'kind: Service\n');
    const { code, output } = checkout.run('synth');
    expect(output).toMatch(/Service\.api\.yaml: a file that is not ours is in the way; move or delete it/);
    expect(code).toBe(1);
    rmSync(checkout.at(file));
    expect(checkout.run('synth').code).toBe(0);
    expect(checkout.dist()).toBe(committed);
  });
});
