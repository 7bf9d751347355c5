import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Checkout } from './checkout.ts';

const IMAGES = 'apps/zapora/images.yaml';
const DEPLOYMENT = 'dist/staging/zapora/services/zapora/Deployment.api.yaml';

let checkout: Checkout;
let images: string;
let dist: string;
beforeEach(() => {
  checkout = new Checkout();
  images = read(IMAGES);
  dist = checkout.dist();
});
afterEach(() => checkout.remove());

function read(file: string): string {
  return readFileSync(checkout.at(file), 'utf8');
}

function pin(...words: string[]) {
  return checkout.spawn(process.execPath, ['--import', 'tsx', 'tools/pin/cli.ts', ...words]);
}

describe('npm run pin', () => {
  test('changes one line of images.yaml, and dist/ follows', () => {
    const { code, output } = pin('zapora/api', 'staging', '1.4.3');
    expect(output).toContain(`${IMAGES}: ghcr.io/zapora/api in staging: 1.4.2 → 1.4.3`);
    expect(output).toContain(`  changed  ${DEPLOYMENT}`);
    expect(code).toBe(0);
    expect(read(IMAGES)).toBe(images.replace('staging: 1.4.2', 'staging: 1.4.3'));
    expect(read(DEPLOYMENT)).toContain('image: ghcr.io/zapora/api:1.4.3\n');

    dist = checkout.dist();
    const again = pin('zapora/api', 'staging', '1.4.3');
    expect(again).toEqual({
      code: 0,
      output: `${IMAGES}: ghcr.io/zapora/api is 1.4.3 in staging already; nothing changed\n`,
    });
    expect(checkout.dist()).toBe(dist);
  });

  test('puts images.yaml back where the render fails', () => {
    checkout.edit('apps/zapora/settings.ts', "production: 'info'", "production: 'loud'");
    const { code, output } = pin('zapora/api', 'staging', '1.4.3');
    expect(output).toContain('setting LOG_LEVEL is "loud"');
    expect(output).toContain(`pin: the render failed; ${IMAGES} is as it was, mend what it names and pin again`);
    expect(code).toBe(1);
    expect(read(IMAGES)).toBe(images);
    expect(checkout.dist()).toBe(dist);
  });

  test.each([
    [[]],
    [['zapora/api', 'staging']],
    [['zapora/api', 'staging', '1.4.3', '--force']],
  ])('says how it is used after %j', words => {
    const { code, output } = pin(...words);
    expect(output).toMatch(/it takes an image, a tier and a tag, not ".*"\n\nnpm run pin -- <image> <tier> <tag>/);
    expect(code).toBe(1);
    expect(read(IMAGES)).toBe(images);
  });
});
