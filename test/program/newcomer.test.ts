import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Checkout } from './checkout.ts';

const README = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');

/** The code blocks below a heading of the README: what a newcomer copies. */
function blocks(heading: string): string[] {
  const section = README.split(`## ${heading}\n`)[1]!.split('\n## ')[0]!;
  return [...section.matchAll(/```\w+\n(.*?)```/gs)].map(([, code]) => code!);
}

const APP = 'apps/zapora/index.ts';
const END = "      operatorsOnly: ['/admin'],\n    });\n";

let checkout: Checkout;
beforeAll(() => {
  checkout = new Checkout();
});
afterAll(() => checkout.remove());

describe('what the README tells a newcomer works as it stands there', () => {
  test('add a service', () => {
    const [code, pins] = blocks('Add a service');
    checkout.edit(APP, END, END + code);
    const images = checkout.at('apps/zapora/images.yaml');
    writeFileSync(images, `${readFileSync(images, 'utf8')}${pins}`);
    const { code: exit, output } = checkout.run('synth');
    expect(output).toContain('added    dist/staging/zapora/services/zapora/Deployment.menu.yaml');
    expect(exit).toBe(0);
  });

  test('add a cluster', () => {
    const [file, line] = blocks('Add a cluster');
    writeFileSync(checkout.at('clusters/eu-central-1.ts'), file!);
    checkout.edit(
      'fleet.ts',
      '  berth(euWest1, {}),\n',
      `  berth(euWest1, {}),\n${line!.split('\n').slice(1).join('\n')}`,
    );
    checkout.edit(
      'fleet.ts',
      'import { euWest1 }',
      "import { euCentral1 } from './clusters/eu-central-1.ts';\nimport { euWest1 }",
    );
    const { code, output } = checkout.run('synth');
    expect(output).toContain('in 10 clusters');
    expect(output).toMatch(
      /added {4}dist\/argocd\/hub\/ring-1\/argocd\/Application\.platform-services-eu-central-1\.yaml|and \d+ more added/,
    );
    expect(code).toBe(0);
  });

  test('put in a foreign object, and patch one of ours', () => {
    const [object, patch] = blocks('Put in an object that Drydock has no word for');
    checkout.edit(APP, END, END + object);
    checkout.edit(APP, '      files: logging,\n', `      files: logging,\n${patch}`);
    checkout.edit(
      APP,
      "import type { Construct } from 'constructs';",
      "import type { Construct } from 'constructs';\nimport { KubeObject } from '../../charts/index.ts';\nimport type { ConfigMap } from '../../imports/kubernetes.ts';",
    );
    const { code, output } = checkout.run('synth');
    expect(output).toContain('added    dist/staging/zapora/services/zapora/ConfigMap.greeting.yaml');
    expect(code).toBe(0);
    expect(readFileSync(checkout.at('dist/staging/zapora/services/zapora/Deployment.api.yaml'), 'utf8')).toContain(
      'ip: 10.0.0.7',
    );
  });

  test('and all of it has its types', () => {
    const { output } = checkout.spawn('node_modules/.bin/tsc', ['--noEmit']);
    expect(output).toBe('');
  });
});
