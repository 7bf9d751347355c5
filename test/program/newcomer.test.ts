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
    expect(output).toContain('added    dist/development/zapora/services/zapora/Deployment.menu.yaml');
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
    expect(code).toBe(0);
    const rendered = (file: string) => readFileSync(checkout.at(`dist/${file}`), 'utf8');
    expect(rendered('eu-central-1/zapora/services/zapora/Deployment.api.yaml')).toContain('name: api');
    expect(rendered('argocd/hub/ring-1/argocd/Application.zapora-services-eu-central-1.yaml')).toContain(
      'path: dist/eu-central-1/zapora/services',
    );
  });

  test('put in a foreign object, and patch ours', () => {
    const [object, patch, reach] = blocks('Put in an object that Drydock has no word for');
    checkout.edit(APP, END, END + object + reach);
    checkout.edit(APP, '      files: logging,\n', `      files: logging,\n${patch}`);
    checkout.edit(
      APP,
      "import type { Construct } from 'constructs';",
      "import { type ApiObject, JsonPatch } from 'cdk8s';\nimport type { Construct } from 'constructs';\nimport { KubeObject } from '../../charts/index.ts';\nimport type { ConfigMap } from '../../imports/kubernetes.ts';",
    );
    const { code, output } = checkout.run('synth');
    expect(output).toContain('added    dist/staging/zapora/services/zapora/ConfigMap.greeting.yaml');
    expect(code).toBe(0);
    expect(readFileSync(checkout.at('dist/staging/zapora/services/zapora/Deployment.api.yaml'), 'utf8')).toContain(
      'ip: 10.0.0.7',
    );
    expect(readFileSync(checkout.at('dist/staging/zapora/services/zapora/ResourceQuota.quota.yaml'), 'utf8')).toContain(
      'configmaps: "20"',
    );
  });

  test('and all of it has its types', () => {
    const { output } = checkout.spawn('node_modules/.bin/tsc', ['--noEmit']);
    expect(output).toBe('');
  });
});
