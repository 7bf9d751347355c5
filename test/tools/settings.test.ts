import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import {
  boolean,
  check,
  description,
  email,
  integer,
  literal,
  maxLength,
  maxValue,
  minLength,
  minValue,
  nonEmpty,
  number,
  optional,
  picklist,
  pipe,
  regex,
  startsWith,
  string,
  union,
  url,
} from 'valibot';
import { describe, expect, test } from 'vitest';
import { allowed, type Schema } from '../../tools/settings/allowed.ts';
import { asMarkdown } from '../../tools/settings/index.ts';

test.each<[string, object]>([
  ['integer 1024–65535', pipe(number(), integer(), minValue(1024), maxValue(65535))],
  ['integer ≥ 1', pipe(number(), integer(), minValue(1))],
  ['number ≤ 0.5', pipe(number(), maxValue(0.5))],
  ['one of debug, info', picklist(['debug', 'info'])],
  ['only HS256', picklist(['HS256'])],
  ['only 3', literal(3)],
  ['text', string()],
  ['text matching /^\\//', pipe(string(), regex(/^\//))],
  [
    'text 3–63 characters matching /^a/i and /z$/',
    pipe(string(), minLength(3), maxLength(63), regex(/^a/i), regex(/z$/)),
  ],
  ['text, non empty', pipe(string(), nonEmpty())],
  ['url', pipe(string(), url())],
  ['url, starts with https://', pipe(string(), url(), startsWith('https://'))],
  ['email', pipe(string(), email())],
  ['true or false', boolean()],
  ['url, or nothing', optional(pipe(string(), url()))],
  ['integer 1–5, or nothing', pipe(optional(pipe(number(), integer(), minValue(1), maxValue(5))))],
  ['url matching /x/', pipe(pipe(string(), url()), regex(/x/))],
  ['number or text', union([number(), string()])],
  [
    'text, even hours only',
    pipe(
      string(),
      check(() => true, 'even hours only'),
    ),
  ],
  ['hosts, with a comma between', pipe(string(), regex(/^\S+(,\S+)*$/), description('hosts, with a comma between'))],
])('%s', (says, schema) => {
  expect(allowed(schema as Schema)).toBe(says);
});

const TIERS = ['development', 'staging', 'production'];

/** The cells of one setting. */
function row(row: object, sites: readonly (Readonly<Record<string, string>> & { tier: string })[] = []): string[] {
  const line = asMarkdown([{ service: 'shop/web', rows: { X: row } }], sites, TIERS).split('\n')[4]!;
  return line
    .split(/(?<!\\)\|/)
    .slice(2, -1)
    .map(each => each.trim());
}

describe('the table', () => {
  test('reads as well as its print', () => {
    const rows = {
      LOG_LEVEL: { is: picklist(['debug', 'info']), development: 'debug', staging: 'info', production: 'info' },
      KEY: { says: 'secret jwt/hs256' },
    };
    expect(asMarkdown([{ service: 'shop/web', rows }], [], TIERS)).toBe(
      `## shop/web

| setting   | allowed            | development      | staging          | production       |
| --------- | ------------------ | ---------------- | ---------------- | ---------------- |
| LOG_LEVEL | one of debug, info | debug            | info             | info             |
| KEY       | reference          | secret jwt/hs256 | secret jwt/hs256 | secret jwt/hs256 |
`,
    );
  });

  test('a value that follows from the cluster is told once for all that agree', () => {
    const sites = [
      { tier: 'staging', domain: 'b.example.org' },
      { tier: 'production', domain: 'example.org' },
      { tier: 'production', domain: 'example.org' },
      { tier: 'production', domain: 'example.net' },
    ];
    const host = { is: string(), value: (site: { domain: string }) => `api.${site.domain}` };
    expect(row(host, sites)).toEqual(['text', '–', 'api.b.example.org', 'api.example.org, api.example.net']);
    const some = { is: string(), development: 'x', staging: 'y', production: host.value };
    expect(row(some, sites)).toEqual(['text', 'x', 'y', 'api.example.org, api.example.net']);
  });

  test.each<[unknown, string]>([
    [0, '0'],
    [false, 'false'],
    [undefined, '–'],
    ['', '`""`'],
    ['a b', 'a b'],
    ['*', '`*`'],
    ['a|b', '`a\\|b`'],
    ['<none>', '`<none>`'],
    ['a\nb', '`"a\\nb"`'],
    ['`x`', '`` `x` ``'],
  ])('%j is written as %s', (value, cell) => {
    expect(row({ is: string(), value })).toEqual(['text', cell, cell, cell]);
  });
});

/** The program, on whatever systems there are. */
function run(...words: string[]) {
  const program = ['--import', 'tsx', 'tools/settings/cli.ts', ...words];
  return spawnSync(process.execPath, program, { encoding: 'utf8' });
}

describe('npm run settings', () => {
  const systems = readdirSync('apps').filter(system => existsSync(`apps/${system}/settings.ts`));

  test('without a system lists them', () => {
    const { stdout, status } = run();
    for (const system of systems) expect(stdout).toContain(system);
    expect(status).toBe(0);
  });

  test('an unknown system leads to the known ones', () => {
    const { stderr, status } = run('nowhere');
    expect(stderr).toMatch(/^settings: there is no apps\/nowhere\/settings\.ts\. The systems with settings are /);
    expect(status).toBe(1);
  });

  for (const system of systems) {
    test(`prints those of ${system}`, () => {
      const { stdout, stderr, status } = run(system);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^## \S+\n\n\| setting +\| allowed +\| development +\| staging +\| production +\|\n/);
      expect(status).toBe(0);
    });
  }
});
