import type { Service } from '../../imports/kubernetes.ts';
import { KubeObject } from '../kube-object.ts';
import type { Workload } from '../workload.ts';
import { POSTGRES_PORT, ROLE } from './patroni.ts';

/** Where writers find the server that leads, and readers those that follow: by the label that Patroni keeps on each pod. */
export function services(postgres: Workload, { writes }: { readonly writes: boolean }): void {
  const { name, selector } = postgres;
  const service = (id: string, name: string, its: Record<string, string>) =>
    new KubeObject<Service>(
      postgres,
      id,
      { apiVersion: 'v1', kind: 'Service', metadata: { ...postgres.metadata(), name } },
      {
        spec: {
          ports: [{ name: 'postgres', port: POSTGRES_PORT, protocol: 'TCP', targetPort: 'postgres' }],
          selector: { ...selector, ...its },
          type: 'ClusterIP',
        },
      },
    );
  // Where all of them follow another cluster nobody is primary, and no writer finds anybody.
  service('primary', name, { [ROLE.label]: ROLE.primary });
  // There any server may be read, the one that fetches from the archive too; a lone server has no replica.
  service('replica', replicaName(name), writes ? { [ROLE.label]: ROLE.replica } : {});
}

export function replicaName(name: string): string {
  return `${name}-replica`;
}
