import { rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Checkout } from './checkout.ts';

let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
  git('init', '-q');
  writeFileSync(checkout.at('.gitignore'), 'node_modules\n');
  git('add', '-A');
  commit();
});
afterAll(() => checkout.remove());

function git(...words: string[]): void {
  const { code, output } = checkout.spawn('git', words);
  if (code !== 0) throw new Error(output);
}

function commit(): void {
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
}

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
    git('checkout', '-q', 'dist');
  });

  test('names an object that was forgotten', () => {
    rmSync(checkout.at(DEPLOYMENT));
    expect(checkout.run('check').output).toContain(`${DEPLOYMENT} (zapora/api/deployment): rendered, but not there`);
    git('checkout', '-q', 'dist');
  });

  test('names an object that is stale', () => {
    writeFileSync(checkout.at(`${DEPLOYMENT}.old.yaml`), '# drydock: zapora/old\n');
    expect(checkout.run('check').output).toContain(`${DEPLOYMENT}.old.yaml: no longer rendered`);
    rmSync(checkout.at(`${DEPLOYMENT}.old.yaml`));
  });

  test('names a render that was not committed, new files too', () => {
    checkout.edit('apps/zapora/images.yaml', 'staging: 1.4.2', 'staging: 1.4.3');
    expect(checkout.run('synth').code).toBe(0);
    const { code, output } = checkout.run('check');
    expect(output).toContain(`${DEPLOYMENT}: not committed`);
    expect(code).toBe(1);
    git('checkout', '-q', '.');
  });
});
