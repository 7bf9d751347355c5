import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { podOf } from './pods.ts';
import { POD_KINDS } from './workload-kinds.ts';

/** Below, binding takes a right of root's. */
const LOWEST = 1024;

/** `IANA_SVC_NAME` of RFC 6335, as Kubernetes demands of a port's name. */
const NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

export const ports: ObjectRule = {
  name: 'ports',
  demands: `Container ports have a name of their own in the pod and an explicit protocol, stand from ${LOWEST}, and no two containers share one.`,
  kinds: POD_KINDS,
  *check(manifest: Manifest): Iterable<Problem> {
    const taken = new Map<string, string>();
    for (const { at: containerAt, container } of podOf(manifest)!.containers) {
      for (const [index, { name, containerPort, protocol }] of (container.ports ?? []).entries()) {
        const at = `${containerAt}.ports[${index}]`;
        if (containerPort === 22)
          yield { given: `${at}.containerPort is 22`, remedy: 'leave SSH out; `kubectl exec` reaches the pod' };
        else if (containerPort < LOWEST)
          yield {
            given: `${at}.containerPort is ${containerPort}`,
            remedy: `listen on one from ${LOWEST}: nothing runs as root`,
          };
        if (protocol === undefined)
          yield { given: `${at} has no protocol`, remedy: 'write TCP, as the API server will' };
        if (name === undefined) yield { given: `${at} has no name`, remedy: 'name it by what it speaks, e.g. http' };
        else if (!NAME.test(name))
          yield {
            given: `${at}.name is "${name}"`,
            remedy: 'use at most 15 small letters, digits and single "-", at least one letter',
          };

        for (const key of [`${containerPort}/${protocol ?? 'TCP'}`, ...(name === undefined ? [] : [name])]) {
          const owner = taken.get(key);
          if (owner !== undefined)
            yield {
              given: `${at} takes ${key}, which ${owner} has`,
              remedy: 'give another: containers of a pod share one network',
            };
          else taken.set(key, at);
        }
      }
    }
  },
};
