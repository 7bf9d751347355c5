import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { headingsOf, runbooksIn } from '../../../tools/prove/runbooks.ts';
import { told } from './asked.ts';

const page = [
  '# Errors',
  '## ErrorRate',
  '',
  'Look at the logs.',
  '## BudgetBurn',
  '### What to do',
  '```sh',
  '# BudgetSpent',
  'kubectl get pods',
  '```',
  '## Empty',
  '## What’s next, `then`?',
  'Text',
  '## ErrorRate',
].join('\n');

test('headings by GitHub’s anchors, and whether anything stands below', () => {
  expect([...headingsOf(page)]).toEqual([
    ['errors', true],
    ['errorrate', true],
    ['budgetburn', true],
    ['what-to-do', true],
    ['empty', false],
    ['whats-next-then', true],
    ['errorrate-1', false],
  ]);
});

test('a page that is there, a heading that is, text that is', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'runbooks-'));
  mkdirSync(path.join(folder, 'shop'));
  writeFileSync(path.join(folder, 'errors.md'), page);
  writeFileSync(path.join(folder, 'shop', 'orders.md'), '# Orders\n');
  const runbooks = runbooksIn(folder);
  rmSync(folder, { recursive: true });
  const at = (url: string, alert = 'ErrorRate') =>
    told(({ rules: [, first] }) => {
      first.alert = alert;
      first.annotations.runbook_url = url;
    }, runbooks);
  const base = 'https://github.com/example/shop/blob/main/runbooks';
  expect(at(`${base}/errors.md#errorrate`)).toEqual([]);
  expect(at(`${base}/errors.md#empty`, 'Empty')).toEqual([
    'runbook-exists: the alert Empty leads to #empty of runbooks/errors.md, below which nothing stands; write there what to do',
  ]);
  expect(at(`${base}/shop/orders.md#errorrate`)).toEqual([
    'runbook-exists: the alert ErrorRate leads to #errorrate, and runbooks/shop/orders.md has no such heading; add ## ErrorRate there, and what to do below it',
  ]);
  expect(at(`${base}/orders.md#errorrate`)).toEqual([
    'runbook-exists: the alert ErrorRate leads to runbooks/orders.md, which is not there; write it, with the heading ## ErrorRate',
  ]);
  // Neither another alert's heading nor the page's title, though both are there with text below them.
  for (const anchor of ['budgetburn', 'errors'])
    expect(at(`${base}/errors.md#${anchor}`)).toEqual([
      `runbook-exists: the alert ErrorRate leads to #${anchor}, a heading that is not its own; lead to #errorrate, below which runbooks/errors.md says what to do`,
    ]);
  expect(at('https://wiki.example.com/errors')).toEqual([expect.stringContaining('lead to a heading')]);
});
