import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Checkout } from './checkout.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGE = readFileSync(path.join(ROOT, 'docs/make-it-yours.md'), 'utf8');

/** What `npm test` needs besides the program. */
const MORE = ['bench', 'biome.json', 'docs', 'runbooks', 'test', 'vitest.config.ts'];

/** The code of the page by its language or, where its first line is a comment, by the file that this names. */
const code = new Map(
  [...PAGE.matchAll(/```(\w+)\n(.*?)```/gs)].map(([, language, text]) => [
    /^(?:\/\/|#) (\S+)\n/.exec(text!)?.[1] ?? language!,
    text!.replace(/^(?:\/\/|#) \S+\n/, ''),
  ]),
);

let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
  for (const part of MORE) cpSync(path.join(ROOT, part), checkout.at(part), { recursive: true });
});
afterAll(() => checkout.remove());

describe('docs/make-it-yours.md works as it stands there', () => {
  test('the example goes, an own system comes, and dist/ follows', () => {
    expect(checkout.spawn('sh', ['-ec', code.get('sh')!])).toEqual({ code: 0, output: '' });
    for (const file of ['apps/shop/index.ts', 'apps/shop/images.yaml']) {
      mkdirSync(path.dirname(checkout.at(file)), { recursive: true });
      writeFileSync(checkout.at(file), code.get(file)!);
    }
    const rest = '\n/** The Kubernetes minors that the fleet uses';
    const [head = ''] = readFileSync(checkout.at('fleet.ts'), 'utf8').split(rest);
    checkout.edit('fleet.ts', head, code.get('fleet.ts')!);

    const { code: exit, output } = checkout.run('synth');
    expect(output).toMatch(/ 6 units in 2 clusters/);
    expect(output).toContain('  added    dist/local/shop/services/shop/Deployment.web.yaml');
    expect(output).toContain('  removed  dist/us-east-1a/liquor-pos/services/liquor-pos/Deployment.api.yaml');
    expect(output).toContain('  removed  dist/staging/zapora/services/zapora/Deployment.api.yaml');
    expect(exit).toBe(0);
    expect(readdirSync(checkout.at('dist')).sort()).toEqual(['argocd', 'local', 'staging']);
    expect(existsSync(checkout.at('dist/staging/zapora'))).toBe(false);
  });

  test('what stays has its types', () => {
    expect(checkout.spawn('node_modules/.bin/tsc', ['--noEmit'])).toEqual({ code: 0, output: '' });
  });

  test('what stays passes', () => {
    expect(checkout.spawn('node_modules/.bin/biome', ['check', 'apps/shop', 'fleet.ts'])).toMatchObject({ code: 0 });
    // The tests that see apps, clusters, the fleet or dist/; tools know none of them.
    expect(checkout.spawn(process.execPath, ['--import', 'tsx', 'tools/docs/cli.ts'])).toMatchObject({ code: 0 });
    const touched = [
      ...['test/apps', 'test/argocd', 'test/charts', 'test/dist.test.ts', 'test/directions.test.ts'],
      ...['test/tools/docs.test.ts', 'test/tools/settings.test.ts', 'test/tools/pin.test.ts'],
    ];
    const { code: exit, output } = checkout.spawn('node_modules/.bin/vitest', ['run', '--project', 'unit', ...touched]);
    expect(exit, output).toBe(0);
  });
});
