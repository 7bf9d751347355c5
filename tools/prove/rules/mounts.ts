import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { podOf } from './pods.ts';
import { POD_KINDS } from './workload-kinds.ts';

export const mounts: ObjectRule = {
  name: 'mounts',
  demands: 'Each mount names a volume of its pod.',
  kinds: POD_KINDS,
  *check(manifest: Manifest): Iterable<Problem> {
    const { spec, containers } = podOf(manifest)!;
    const { volumeClaimTemplates = [] } = manifest.spec as {
      volumeClaimTemplates?: { metadata?: { name?: string } }[];
    };
    const volumes = new Set(spec.volumes?.map(({ name }) => name));
    for (const { metadata } of volumeClaimTemplates) if (metadata?.name) volumes.add(metadata.name);

    for (const { at, container } of containers) {
      for (const [index, { name }] of (container.volumeMounts ?? []).entries()) {
        if (!volumes.has(name))
          yield {
            given: `${at}.volumeMounts[${index}] mounts ${name}, which is no volume of the pod`,
            remedy: `add it to volumes, or mount one of ${[...volumes].join(', ') || 'them'}`,
          };
      }
    }
  },
};
