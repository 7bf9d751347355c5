import type { ServiceSpec } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';

const EDGE = 'leave it out: what comes from outside comes through the edge, expose()';

export const service: ObjectRule = {
  name: 'service',
  demands:
    'A Service is reached from inside the cluster only (ClusterIP or headless), names its ports and their protocol.',
  kinds: ['v1/Service'],
  *check(manifest: Manifest): Iterable<Problem> {
    const { type = 'ClusterIP', externalIPs, ports = [] } = (manifest.spec ?? {}) as ServiceSpec;
    if (type !== 'ClusterIP')
      yield {
        given: `spec.type is ${type}`,
        remedy: 'write ClusterIP: what comes from outside comes through the edge, expose()',
      };
    if (externalIPs?.length) yield { given: `spec.externalIPs is ${externalIPs.join(', ')}`, remedy: EDGE };
    const taken = new Set<string>();
    for (const [index, { name, nodePort, protocol }] of ports.entries()) {
      const at = `spec.ports[${index}]`;
      if (nodePort !== undefined) yield { given: `${at}.nodePort is ${nodePort}`, remedy: EDGE };
      if (protocol === undefined) yield { given: `${at} has no protocol`, remedy: 'write TCP, as the API server will' };
      if (name === undefined) yield { given: `${at} has no name`, remedy: 'name it by what it speaks, e.g. http' };
      else if (taken.has(name)) yield { given: `${at} is ${name} again`, remedy: 'give each port a name of its own' };
      if (name !== undefined) taken.add(name);
    }
  },
};
