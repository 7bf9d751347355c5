import { groupBy } from '../prove/groups.ts';

/** An IAM role that a workload takes on. */
export interface CloudRole {
  readonly cluster: string;
  readonly account: string;
  readonly name: string;
  /** Whom it trusts: `system:serviceaccount:<namespace>:<name>`. */
  readonly subject: string;
  readonly rights: readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[];
}

/** The page of all roles: what whoever keeps the accounts must make, since no manifest can. */
export function cloudRolesPage(roles: readonly CloudRole[]): string {
  return [
    '# Cloud roles',
    '',
    'Written by `npm run docs`. Accounts of workloads name these IAM roles (`eks.amazonaws.com/role-arn`). Each must exist in its',
    'cluster’s AWS account, trust the cluster’s OIDC provider for these subjects alone, with the audience `sts.amazonaws.com`, and',
    'allow this and nothing else.',
    '',
    '| cluster | account | role | trusts | allows |',
    '|---|---|---|---|---|',
    ...shared(roles).map(
      ([{ cluster, account, name }, subjects, rights]) =>
        `| ${cluster} | ${account} | \`${name}\` | ${subjects.map(subject => `\`${subject}\``).join('<br>')} | ${rights.join('<br>')} |`,
    ),
    '',
  ].join('\n');
}

/** Each role once, with all who share it and what any of them asks for. */
function shared(roles: readonly CloudRole[]): [CloudRole, string[], string[]][] {
  const byName = groupBy(roles, ({ cluster, name }) => `${cluster} ${name}`);
  return [...byName.values()].map(same => [
    same[0]!,
    [...new Set(same.map(({ subject }) => subject))],
    [...new Set(same.flatMap(({ rights }) => rights.map(allowed)))],
  ]);
}

function allowed({ actions, resources }: CloudRole['rights'][number]): string {
  return `${actions.join(', ')} on ${resources.map(resource => `\`${resource}\``).join(', ')}`;
}
