import type { Manifest } from '../render/manifest.ts';
import type { Verdict } from './change.ts';
import { differing, type Fields, rejected, split } from './differing.ts';

/** Of a StorageClass that never changes (ValidateStorageClassUpdate of Kubernetes); the rest may. */
const FIXED = ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'];

export function storageClass(before: Manifest, after: Manifest): Verdict[] {
  return rejected(
    differing(fixed(before), fixed(after), ''),
    'give it back its old value, and add a class of another name for new volumes',
  );
}

function fixed(manifest: Manifest): Fields {
  return split({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', ...manifest }, FIXED).named;
}
