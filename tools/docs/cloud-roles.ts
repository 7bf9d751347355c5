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
    'cluster’s AWS account, trust the cluster’s OIDC provider for this subject alone, with the audience `sts.amazonaws.com`, and',
    'allow this and nothing else.',
    '',
    '| cluster | account | role | trusts | allows |',
    '|---|---|---|---|---|',
    ...roles.map(
      ({ cluster, account, name, subject, rights }) =>
        `| ${cluster} | ${account} | \`${name}\` | \`${subject}\` | ${rights.map(allowed).join('<br>')} |`,
    ),
    '',
  ].join('\n');
}

function allowed({ actions, resources }: CloudRole['rights'][number]): string {
  return `${actions.join(', ')} on ${resources.map(resource => `\`${resource}\``).join(', ')}`;
}
