import { Construct } from 'constructs';
import type { ServiceAccount } from '../imports/kubernetes.ts';
import type { KubeObject } from './kube-object.ts';
import type { Workload } from './workload.ts';

/** What a workload may do in the cloud, as its IAM policy says it. */
export interface CloudRight {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/**
 * The IAM role that a workload's account may take on (IRSA). The role itself is made where the account's other roles are made;
 * `npm run docs` lists what each must allow, and whom it must trust.
 */
export class CloudRole extends Construct {
  readonly rights: CloudRight[] = [];
  readonly name: string;

  /**
   * The one of a workload.
   *
   * @param called what names the role; several workloads of a namespace that may do the same share one
   * @throws where it has one of another name
   */
  static of(workload: Workload, called = workload.name): CloudRole {
    const made = workload.node.tryFindChild('cloud-role') as CloudRole | undefined;
    if (made !== undefined && made.called !== called)
      throw new Error(
        `${workload.node.path}: its account has the role ${made.called} and would get ${called}; an account takes on one`,
      );
    return made ?? new CloudRole(workload, called);
  }

  private constructor(
    readonly workload: Workload,
    private readonly called: string,
  ) {
    super(workload, 'cloud-role');
    const { account, name: cluster, region } = workload.system.site;
    if (account === undefined)
      throw new Error(
        `${workload.node.path}: ${cluster} stands in no AWS account; give it keys, or the cluster an account`,
      );
    // Dots, which none of the three may hold: shop/api-x and shop-api/x are two.
    this.name = `${cluster}.${workload.namespace}.${called}`;
    const account_ = workload.node.findChild('service-account') as KubeObject<ServiceAccount>;
    account_.metadata.addAnnotation('eks.amazonaws.com/role-arn', `arn:aws:iam::${account}:role/${this.name}`);
    // The global endpoint stands in one region, and would go down with it.
    account_.metadata.addAnnotation('eks.amazonaws.com/sts-regional-endpoints', 'true');
    workload.network.reach({ called: 'AWS STS', hosts: [`sts.${region}.amazonaws.com`] }, 443);
  }

  /** Adds rights, each once. */
  allow(...rights: readonly CloudRight[]): void {
    for (const right of rights) {
      if (!this.rights.some(other => JSON.stringify(other) === JSON.stringify(right))) this.rights.push(right);
    }
  }
}
