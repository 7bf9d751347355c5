import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { imagesFrom } from '../../charts/index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'images-'));
afterAll(() => rmSync(folder, { recursive: true }));

function images(text: string) {
  const file = path.join(folder, 'images.yaml');
  writeFileSync(file, text);
  return imagesFrom(pathToFileURL(file));
}

const STAGING = { name: 'staging', tier: 'staging' } as const;
const DEVELOPMENT = { name: 'development', tier: 'development' } as const;

function pinned(pin: string): string {
  return `ghcr.io/shop/web:\n  development: ${pin}\n  staging: ${pin}\n  production: ${pin}\n`;
}

test('an image is its repository and the pin of the tier', () => {
  const image = images('ghcr.io/shop/web:\n  development: 2.0.0-rc.1\n  staging: 1.10\n  production: 1.9\n');
  // 1.10 is text: as a number it would be 1.1, another release.
  expect(image('shop/web', STAGING)).toBe('ghcr.io/shop/web:1.10');
});

test('a digest stays with its tag', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  expect(images(pinned(`1.0.0@${digest}`))('shop/web', STAGING)).toBe(`ghcr.io/shop/web:1.0.0@${digest}`);
});

describe('refusals', () => {
  test.each([
    [pinned('latest'), 'pin a release, latest moves by itself'],
    [pinned('1.0.0@sha256:abc'), 'write a tag, or tag@sha256:digest'],
    ['ghcr.io/shop/web:\n  staging: 1.0.0\n', 'ghcr.io/shop/web has no pin for development and production; give one'],
    [pinned('1.0.0').replace('shop/web', 'shop/api'), 'there is no image shop/web; it has ghcr.io/shop/api'],
    ['', 'it holds no images'],
    ['a: [', 'images.yaml: '],
    ['a: [', 'mend its YAML'],
    [
      `${pinned('1.0.0')}  prodution: 2.0.0\n`,
      'has a pin for prodution; the tiers are development, staging, production',
    ],
    [
      `${pinned('1.0.0')}${pinned('1.0.0').replace('ghcr.io', 'quay.io')}`,
      'shop/web may be ghcr.io/shop/web or quay.io/shop/web',
    ],
  ])('%j', (text, reason) => {
    expect(() => images(text)('shop/web', STAGING)).toThrow(reason);
  });

  test('a moving tag is for development only', () => {
    expect(images(pinned('latest'))('shop/web', DEVELOPMENT)).toBe('ghcr.io/shop/web:latest');
  });

  test('a missing file is named', () => {
    expect(() => imagesFrom(pathToFileURL(path.join(folder, 'none.yaml')))('shop/web', STAGING)).toThrow(
      'none.yaml: the file is missing',
    );
  });
});
