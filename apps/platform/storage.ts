import { CONFIRM_DELETION, KubeObject, type System } from '../../charts/index.ts';
import type { StorageClass } from '../../imports/kubernetes.ts';

/** The cluster's storage classes; where a cluster brings a class itself (kind's `standard`) there is nothing to render. */
export function storage(platform: System): void {
  const { block, shared } = platform.site.storage;
  for (const [use, storageClass] of Object.entries({ block, shared, scratch: platform.site.storage.scratch })) {
    if (storageClass?.provisioner === undefined) continue;
    new KubeObject<StorageClass>(
      platform,
      `storage-${use}`,
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: {
          name: storageClass.name,
          annotations: {
            ...CONFIRM_DELETION,
            ...(use === 'block' && { 'storageclass.kubernetes.io/is-default-class': 'true' }),
          },
        },
      },
      {
        provisioner: storageClass.provisioner,
        parameters: { ...storageClass.parameters },
        allowVolumeExpansion: true,
        // A claim deleted by mistake leaves its volume behind; a copy that nobody needs any more must not.
        reclaimPolicy: use === 'scratch' ? 'Delete' : 'Retain',
        // A block volume lives in one zone: it is made where the pod is scheduled. A shared one is everywhere.
        volumeBindingMode: use === 'shared' ? 'Immediate' : 'WaitForFirstConsumer',
      },
    );
  }
}
