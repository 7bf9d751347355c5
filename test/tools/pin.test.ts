import { describe, expect, test } from 'vitest';
import { TIERS } from '../../charts/cluster.ts';
import { pinFault, repositoriesNamed } from '../../charts/image.ts';
import { pin } from '../../tools/pin/index.ts';

const HOUSE = { tiers: TIERS, named: repositoriesNamed, fault: pinFault };
const DIGEST = `sha256:${'0a'.repeat(32)}`;

const SHOP = `# The pins of the shop.
ghcr.io/shop/web:   # the front
  development: latest
  staging: 1.9.0 # since Monday
  production: '1.8.0'

"ghcr.io/shop/api": { production: "2.0.0", staging: 2.1.0, development: 2.2.0 }
`;

const FILES = [
  { file: 'apps/shop/images.yaml', text: SHOP },
  {
    file: 'apps/bank/images.yaml',
    text: 'ghcr.io/bank/web:\n  development: 1.0.0\n  staging: 1.0.0\n  production: 1.0.0\n',
  },
];

function pinned(image: string, tier: string, tag: string, files = FILES) {
  return pin(files, { image, tier, pin: tag }, HOUSE);
}

/** A file of one image with these lines, and the pin of its staging set to 2.0.0. */
function edited(lines: string): string {
  return pinned('shop/web', 'staging', '2.0.0', [{ file: 'images.yaml', text: `ghcr.io/shop/web:\n${lines}` }]).text;
}

describe('only the pin changes', () => {
  test.each([
    ['shop/web', 'staging', '1.10', 'staging: 1.9.0 #', 'staging: 1.10 #'],
    ['ghcr.io/shop/web', 'development', 'main', 'development: latest', 'development: main'],
    ['shop/web', 'production', `1.9.0@${DIGEST}`, "'1.8.0'", `'1.9.0@${DIGEST}'`],
    ['api', 'production', '2.1.0', '"2.0.0"', '"2.1.0"'],
    ['shop/api', 'staging', `2.2.0@${DIGEST}`, ' 2.1.0,', ` 2.2.0@${DIGEST},`],
  ])('%s in %s to %s', (image, tier, tag, before, after) => {
    const { file, text } = pinned(image, tier, tag);
    expect(file).toBe('apps/shop/images.yaml');
    expect(text).toBe(SHOP.replace(before, after));
  });

  test('in a file with carriage returns and a byte order mark', () => {
    const text = '\uFEFFghcr.io/shop/web:\r\n  staging: 1.0.0\r\n  production: 1.0.0';
    expect(pinned('shop/web', 'production', '2.0.0', [{ file: 'images.yaml', text }]).text).toBe(
      text.replace('production: 1.0.0', 'production: 2.0.0'),
    );
  });

  test('what stood there is told, and the same pin gives the same text', () => {
    expect(pinned('shop/web', 'production', '1.8.0')).toEqual({
      file: 'apps/shop/images.yaml',
      repository: 'ghcr.io/shop/web',
      before: '1.8.0',
      text: SHOP,
    });
  });

  test('beside anchors and aliases, but not where others hang on it', () => {
    expect(edited('  development: &v 1.0.0\n  staging: 1.0.0\n  production: *v\n')).toContain('staging: 2.0.0\n');
    expect(() => edited('  development: &v 1.0.0\n  staging: *v\n')).toThrow('has no pin for staging of its own');
    const others = 'the pin of ghcr.io/shop/web in staging is tied to others; edit it by hand';
    expect(() => edited('  development: *v\n  staging: &v 1.0.0\n')).toThrow('mend its YAML');
    expect(() => edited('  staging: &v 1.0.0\n  production: *v\n')).toThrow(others);
    expect(() => edited('  staging: |-\n    1.0.0\n  production: 1.0.0\n')).toThrow(others);
  });
});

describe('refusals', () => {
  test.each([
    ['shop/web', 'prod', '1.0.0', 'there is no tier prod; the tiers are development, staging, production'],
    ['shop/web', 'staging', 'latest', 'shop/web: "latest" in staging; pin a release, latest moves by itself'],
    ['shop/web', 'production', `main@${DIGEST}`, 'pin a release, main moves by itself'],
    ['shop/web', 'staging', '1.0.0@sha256:abc', 'write a tag, or tag@sha256:digest'],
    ['shop/web', 'staging', '1.0.0 # x', 'write a tag, or tag@sha256:digest'],
    [
      'shop/pos',
      'staging',
      '1.0.0',
      `there is no image shop/pos; name one of these, or write a new one by hand into the images.yaml of its system
  ghcr.io/shop/web  (apps/shop/images.yaml)
  ghcr.io/shop/api  (apps/shop/images.yaml)
  ghcr.io/bank/web  (apps/bank/images.yaml)`,
    ],
    [
      'web',
      'staging',
      '1.0.0',
      `web may be several; name more of the repository
  ghcr.io/shop/web  (apps/shop/images.yaml)
  ghcr.io/bank/web  (apps/bank/images.yaml)`,
    ],
  ])('%s %s %s', (image, tier, tag, reason) => {
    expect(() => pinned(image, tier, tag)).toThrow(reason);
  });

  test('one repository in two systems', () => {
    const [{ text }] = FILES as [(typeof FILES)[0]];
    const files = [...FILES, { file: 'apps/more/images.yaml', text }];
    expect(() => pinned('shop/web', 'staging', '1.0.0', files)).toThrow(
      'ghcr.io/shop/web  (apps/shop/images.yaml)\n  ghcr.io/shop/web  (apps/more/images.yaml)',
    );
    expect(() => pinned('shop/web', 'staging', '1.0.0', files)).toThrow('edit the one you mean by hand');
  });

  test.each([
    '  production: 1.0.0\n',
    '  staging:\n  production: 1.0.0\n',
    '  staging: [1.0.0]\n',
  ])('no pin to replace in %j', lines => {
    expect(() => edited(lines)).toThrow('has no pin for staging of its own; write that line by hand');
  });

  test('YAML that is broken anywhere', () => {
    expect(() => edited('  staging: 1.0.0\n  staging: 1.0.0\n')).toThrow(/^images\.yaml: .*; mend its YAML$/);
  });
});
