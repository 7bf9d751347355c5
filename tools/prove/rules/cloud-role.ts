import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { field } from './field.ts';

/** By it EKS gives pods of an account a role of the cloud (docs.aws.amazon.com, "IAM roles for service accounts"). */
const ROLE = 'eks.amazonaws.com/role-arn';

/** Partition, account, path and name; the signs of a name are IAM's. */
const ARN = /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:role\/(?:[!-~]+\/)?(?<name>[\w+=,.@-]+)$/;

/** IAM's limit of a role's name. */
const LONGEST = 64;

export const cloudRole: ObjectRule = {
  name: 'cloud-role',
  demands: `A ServiceAccount’s ${ROLE} is the ARN of a role: twelve digits of account, a name of ${LONGEST} characters at most, on the cluster with the longest name too.`,
  kinds: ['v1/ServiceAccount'],
  *check({ metadata }: Manifest): Iterable<Problem> {
    const arn = metadata.annotations?.[ROLE];
    if (arn === undefined) return;
    const at = field('metadata.annotations', ROLE);
    const name = ARN.exec(arn)?.groups?.name;
    if (name === undefined)
      yield { given: `${at} is "${arn}"`, remedy: 'write arn:aws:iam::<12 digits of the account>:role/<name>' };
    else if (name.length > LONGEST)
      yield {
        given: `${at} names the role ${name} of ${name.length} characters`,
        remedy: `use at most ${LONGEST}, IAM’s limit`,
      };
  },
};
