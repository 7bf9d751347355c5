import type { ServiceSpec, StatefulSetSpec } from '../../../imports/kubernetes.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { viewOf } from './view.ts';

export const headlessService: UnitRule = {
  name: 'headless-service',
  demands: 'The Service that a StatefulSet names is headless: any other gives its pods no DNS names of their own.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const object of view.of('apps/v1/StatefulSet')) {
      const { serviceName } = object.manifest.spec as StatefulSetSpec;
      if (!serviceName) continue; // stateful-set says that
      const service = view.find('v1/Service', object.manifest.metadata.namespace, serviceName);
      if (service === undefined) continue; // references-exist says that
      const { clusterIP } = (service.manifest.spec ?? {}) as ServiceSpec;
      if (clusterIP !== 'None')
        yield {
          object,
          given: `spec.serviceName is ${serviceName}, whose spec.clusterIP is ${clusterIP ?? 'not given'}`,
          remedy: 'name a Service with clusterIP: None; clients may have one with an address beside it',
        };
    }
  },
};
