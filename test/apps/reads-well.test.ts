import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** A system is one page, in the words of the vocabulary; only the platform, which all stand on, speaks to Kubernetes itself. */
const APPS = readdirSync('apps').filter(app => app !== 'platform');

describe.each(APPS)('apps/%s/index.ts', app => {
  const text = readFileSync(`apps/${app}/index.ts`, 'utf8');

  test('is a page', () => {
    expect(text.split('\n').length).toBeLessThan(130);
  });

  test('says nothing about selectors and security contexts: constructs do', () => {
    expect(text.match(/matchLabels|podSelector|securityContext|labelSelector|serviceAccountName/g)).toBeNull();
  });
});
