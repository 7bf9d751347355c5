import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { podOf } from './pods.ts';
import { quantity } from './quantity.ts';
import { POD_KINDS } from './workload-kinds.ts';

/** What each container states, and what it might look like. */
const EXAMPLES = {
  requests: { cpu: '100m', memory: '256Mi', 'ephemeral-storage': '64Mi' },
  limits: { cpu: '1', memory: '256Mi', 'ephemeral-storage': '256Mi' },
} as const;
const NAMES = ['cpu', 'memory', 'ephemeral-storage'] as const;

export const resources: ObjectRule = {
  name: 'resources',
  demands:
    'Every container and init container states requests and limits of cpu, memory and ephemeral-storage; memory is reserved in full; no request is above its limit.',
  except: 'Ephemeral containers, which take no resources.',
  kinds: POD_KINDS,
  *check(manifest: Manifest): Iterable<Problem> {
    for (const { at, is, container } of podOf(manifest)!.containers) {
      if (is === 'ephemeral') continue;
      const { requests, limits } = container.resources ?? {};
      for (const name of NAMES) {
        const request = requests?.[name];
        const limit = limits?.[name];
        if (request === undefined) yield missing(at, 'requests', name);
        if (limit === undefined) yield missing(at, 'limits', name);
        if (request === undefined || limit === undefined || request === limit) continue;
        const difference = quantity(request).amount - quantity(limit).amount;
        if (name === 'memory' ? difference !== 0 : difference > 0) {
          yield {
            given: `${at}.resources.requests.${name} is ${request}, the limit ${limit}`,
            remedy:
              name === 'memory' ? `reserve all of it: ${limit}` : `lower the request to ${limit} or raise the limit`,
          };
        }
      }
    }
  },
};

function missing(at: string, list: keyof typeof EXAMPLES, name: (typeof NAMES)[number]): Problem {
  return { given: `${at}.resources.${list} has no ${name}`, remedy: `give one, e.g. ${EXAMPLES[list][name]}` };
}
