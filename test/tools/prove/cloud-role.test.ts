import { expect, test } from 'vitest';
import { broken } from './broken.ts';

const said = (arn: string) =>
  broken(it => {
    it['ServiceAccount worker'].metadata.annotations['eks.amazonaws.com/role-arn'] = arn;
  });

test.each([
  'arn:aws:iam::333333333333:role/us-east-1a-shop-worker',
  'arn:aws-cn:iam::333333333333:role/worker',
  'arn:aws-us-gov:iam::333333333333:role/teams/shop/worker',
  `arn:aws:iam::333333333333:role/${'a'.repeat(64)}`,
])('%s', arn => {
  expect(said(arn)).toEqual([]);
});

test.each([
  'us-east-1a-shop-worker',
  'arn:aws:iam::undefined:role/worker',
  'arn:aws:iam::333333333333:user/worker',
  'arn:aws:iam::333333333333:role/',
  'arn:aws:iam::333333333333:role/shop worker',
])('%s', arn => {
  expect(said(arn)).toEqual([
    `cloud-role: ServiceAccount.worker: metadata.annotations["eks.amazonaws.com/role-arn"] is "${arn}"; write arn:aws:iam::<12 digits of the account>:role/<name>`,
  ]);
});

test('a name that IAM does not take', () => {
  const name = 'a'.repeat(65);
  expect(said(`arn:aws:iam::333333333333:role/teams/${name}`)).toEqual([
    `cloud-role: ServiceAccount.worker: metadata.annotations["eks.amazonaws.com/role-arn"] names the role ${name} of 65 characters; use at most 64, IAM’s limit`,
  ]);
});
