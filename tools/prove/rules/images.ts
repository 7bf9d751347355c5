import type { Manifest } from '../../render/manifest.ts';
import type { Cluster, ObjectRule, Problem } from '../rule.ts';
import { podOf } from './pods.ts';
import { POD_KINDS } from './workload-kinds.ts';

/** The grammar of github.com/distribution/reference: repository, tag, digest. */
const REFERENCE =
  /^[a-z0-9][\w.-]*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:(?<tag>\w[\w.-]{0,127}))?(@sha256:[0-9a-f]{64})?$/;

/** Tags that name whatever was pushed last. */
const MOVING = new Set(['latest', 'main', 'master', 'edge', 'nightly', 'stable', 'dev']);

export const images: ObjectRule = {
  name: 'images',
  demands:
    'Every image has a tag and an explicit pull policy; outside development no tag that moves by itself (latest, main, stable, …).',
  except: 'A tag without a digest is enough, and so is any registry.',
  kinds: POD_KINDS,
  *check(manifest: Manifest, { tier }: Cluster): Iterable<Problem> {
    for (const { at, container } of podOf(manifest)!.containers) {
      const { image, imagePullPolicy } = container;
      const reference = image === undefined ? null : REFERENCE.exec(image);
      const tag = reference?.groups?.tag;
      if (reference === null)
        yield {
          given: `${at}.image is ${image === undefined ? 'not given' : `"${image}"`}`,
          remedy: 'write registry/repository:tag',
        };
      else if (tag === undefined)
        yield {
          given: `${at}.image "${image}" has no tag`,
          remedy: 'pin a release: repository:tag, with @sha256:… where it is known',
        };
      else if (MOVING.has(tag.toLowerCase()) && tier !== 'development')
        yield {
          given: `${at}.image "${image}" in tier ${tier}`,
          remedy: `pin a release: ${tag} moves without a review`,
        };
      if (imagePullPolicy === undefined) yield { given: `${at} has no imagePullPolicy`, remedy: 'write Always' };
    }
  },
};
