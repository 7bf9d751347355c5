import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kubernetesFiles } from '../../tools/import/index.ts';
import type { Import } from '../../tools/import/schema.ts';
import { importKubernetes } from '../../tools/import/server.ts';

/** `npm run test:tools` brings the servers; without them these tests fail and say so. */
const IMPORTS = new URL('../../imports/', import.meta.url);
const committed = readdirSync(new URL('kubernetes/', IMPORTS))
  .filter(file => file.endsWith('.json'))
  .map(file => JSON.parse(readFileSync(new URL(`kubernetes/${file}`, IMPORTS), 'utf8')) as Import);

describe('the committed schemas are what a real API server says', () => {
  test.each(committed.map(({ version }) => version))('Kubernetes %s', { timeout: 120_000 }, async version => {
    for (const [path, text] of kubernetesFiles([await importKubernetes(version)], committed)) {
      const same = text === readFileSync(new URL(path, IMPORTS), 'utf8');
      expect(same, `imports/${path} is not what kube-apiserver ${version} says; run \`npm run import\``).toBe(true);
    }
  });
});
