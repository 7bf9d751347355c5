import type { Container } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { podOf } from './pods.ts';
import { POD_KINDS } from './workload-kinds.ts';

/** As k8s.io/kubernetes/third_party/forked/golang/expansion reads: `$$` is a dollar sign, and a name ends at the first bracket. */
const EXPANSION = /\$\$|\$\(([^)]*)\)/g;

/** `$(cat file)` names nothing: Kubernetes leaves it to the shell. */
const NAME = /^[-.\w]+$/;

/** What the kubelet gives every container. */
const GIVEN = /^KUBERNETES_(SERVICE_|PORT)/;

export const envReferences: ObjectRule = {
  name: 'env-references',
  demands:
    'Each $(NAME) in a variable’s value names one that stands above it, in a command or argument one of its container: any other stays as it is written, in silence.',
  except: 'Containers with envFrom, whose names only the cluster knows. `$$(NAME)` is text.',
  kinds: POD_KINDS,
  *check(manifest: Manifest): Iterable<Problem> {
    for (const { at, container } of podOf(manifest)!.containers) {
      if (!container.envFrom?.length) yield* unknown(container, at);
    }
  },
};

function* unknown({ env = [], command = [], args = [] }: Container, at: string): Iterable<Problem> {
  const above = new Set<string>();
  for (const [index, { name, value }] of env.entries()) {
    for (const other of namesIn(value)) {
      if (above.has(other)) continue;
      const below = other !== name && env.some(each => each.name === other);
      yield {
        given: `${at}.env[${index}] ${name} refers to ${other}, which ${below ? 'stands below it' : 'the container has not'}`,
        remedy: below
          ? `put ${other} above ${name}: only what stands before is filled in`
          : `add ${other} above it, or write $$(${other}) for the text itself`,
      };
    }
    above.add(name);
  }
  for (const [list, texts] of Object.entries({ command, args })) {
    for (const [index, text] of texts.entries()) {
      for (const other of namesIn(text)) {
        if (!above.has(other))
          yield {
            given: `${at}.${list}[${index}] refers to ${other}, which is no variable of the container`,
            remedy: `add ${other} to env, or write $$(${other}) for what a shell is to run`,
          };
      }
    }
  }
}

function* namesIn(text: string | undefined): Iterable<string> {
  if (!text?.includes('$(')) return;
  for (const [, name] of text.matchAll(EXPANSION)) {
    if (name !== undefined && NAME.test(name) && !GIVEN.test(name)) yield name;
  }
}
