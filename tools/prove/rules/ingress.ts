import type { IngressSpec } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { field } from './field.ts';
import { INGRESS, MERGEABLE } from './host-claims.ts';

export const ingress: ObjectRule = {
  name: 'ingress',
  demands:
    'An Ingress names its class, each host in full, and a certificate for each of them, and carries no snippet of server configuration.',
  except: 'A minion of the F5 controller has no certificate of its own: its master has it.',
  kinds: [INGRESS],
  *check(manifest: Manifest): Iterable<Problem> {
    const { annotations = {} } = manifest.metadata;
    const { ingressClassName, defaultBackend, rules = [], tls = [] } = (manifest.spec ?? {}) as IngressSpec;
    for (const key in annotations) {
      if (key.includes('snippet'))
        yield {
          given: `${field('metadata.annotations', key)} is given`,
          remedy: 'use an annotation or a Policy: a snippet reaches every host of the controller',
        };
    }
    if (!ingressClassName) yield { given: 'spec.ingressClassName is not given', remedy: 'name the cluster’s class' };
    if (defaultBackend) yield { given: 'spec.defaultBackend takes every host', remedy: 'write a rule with a host' };
    if (rules.length === 0) yield { given: 'spec.rules is empty', remedy: 'write a rule with a host' };

    const covered = new Set(tls.flatMap(({ hosts = [] }) => hosts));
    const minion = annotations[MERGEABLE] === 'minion';
    for (const [index, { host }] of rules.entries()) {
      const at = `spec.rules[${index}]`;
      if (!host) yield { given: `${at}.host is not given`, remedy: 'name one: without it the rule takes every host' };
      else if (host.startsWith('*'))
        yield { given: `${at}.host is "${host}"`, remedy: 'name each host: a wildcard takes what others may claim' };
      else if (!minion && !covers(covered, host))
        yield { given: `spec.tls covers no ${host}`, remedy: `add it to spec.tls[].hosts, with a secretName` };
    }
    for (const [index, { secretName }] of tls.entries()) {
      if (minion)
        yield {
          given: `spec.tls[${index}] in a minion`,
          remedy: 'move it to the master: the controller ignores it here',
        };
      else if (!secretName)
        yield { given: `spec.tls[${index}] has no secretName`, remedy: 'name the Secret of the certificate' };
    }
  },
};

/** A certificate's wildcard stands for one label (RFC 6125, 6.4.3). */
function covers(hosts: ReadonlySet<string>, host: string): boolean {
  return hosts.has(host) || hosts.has(host.replace(/^[^.]+/, '*'));
}
