import type { ServiceSpec } from '../../../imports/kubernetes.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { asText } from './selector.ts';
import { listens, portsOf } from './service-ports.ts';
import { viewOf } from './view.ts';

const SLICE = 'discovery.k8s.io/v1/EndpointSlice';

export const serviceFindsPods: UnitRule = {
  name: 'service-finds-pods',
  demands: 'A Service selects pods of its namespace, and each of its ports leads to one that those pods declare.',
  except:
    'A headless Service without a selector stands for something outside; the unit renders its EndpointSlice. A selector may name the role that Patroni writes on its pods.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const object of view.of('v1/Service')) {
      const { namespace = '', name } = object.manifest.metadata;
      const { selector, ports = [], type, clusterIP } = (object.manifest.spec ?? {}) as ServiceSpec;
      if (selector === undefined || Object.keys(selector).length === 0) {
        const sliced = view
          .of(SLICE)
          .some(
            ({ manifest: { metadata } }) =>
              metadata.namespace === namespace && metadata.labels?.['kubernetes.io/service-name'] === name,
          );
        if (!(clusterIP === 'None' && sliced) || type === 'ExternalName') {
          yield {
            object,
            given: 'spec.selector is not given',
            remedy:
              'select the pods by app.kubernetes.io/instance; for something outside write clusterIP: None and an EndpointSlice',
          };
        }
        continue;
      }
      const workloads = view.select(namespace, { matchLabels: selector });
      if (workloads.length === 0) {
        yield {
          object,
          given: `spec.selector ${asText({ matchLabels: selector })} matches no pod of namespace ${namespace}`,
          remedy: 'select what a pod template carries, its app.kubernetes.io/instance',
        };
      }
      for (const [index, port] of ports.entries()) {
        const deaf = workloads.find(({ pod }) => !listens(pod, port));
        if (deaf === undefined) continue;
        yield {
          object,
          given: `spec.ports[${index}] leads to ${port.targetPort ?? port.port}, which ${deaf.kind} ${deaf.name} does not declare`,
          remedy: `lead to one of its ports: ${portsOf(deaf.pod)}`,
        };
      }
    }
  },
};
