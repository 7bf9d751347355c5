import { renameSync, writeFileSync } from 'node:fs';
import type { Service, ServicePort } from '../../../imports/kubernetes.ts';
import type { Network } from './network.ts';

/** A pod as Services and names see it. */
export interface Reachable {
  readonly name: string;
  readonly namespace: string;
  readonly hostname: string;
  readonly subdomain: string | undefined;
  readonly ip: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ready: boolean;
  readonly ports: Readonly<Record<string, number>>;
}

/** kube-proxy and CoreDNS: keeps addresses of Services and names up to date with the pods. */
export interface ServiceMesh {
  /** Call whenever a Service, a pod's label or its readiness changed. */
  update(services: readonly Service[], pods: readonly Reachable[]): void;
  /** The address that stands before the ready pods; that of a headless Service is none. */
  addressOf(service: Service): string;
  /** Overrules what a full name means. @param addresses none: the name is gone */
  setName(name: string, addresses: readonly string[]): void;
  /** Ends what `setName` began. */
  resetName(name: string): void;
}

/** @param table where the name server reads */
export function createServices(network: Network, table: string): ServiceMesh {
  const addresses = new Map<string, string>();
  const overruled = new Map<string, readonly string[]>();
  const written = { rules: '', names: '' };
  let services: readonly Service[] = [];
  let pods: readonly Reachable[] = [];

  const addressOf = ({ metadata }: Service) => {
    const key = `${metadata.namespace}/${metadata.name}`;
    const known = addresses.get(key) ?? network.services.replace(/0\/24$/, String(addresses.size + 1));
    addresses.set(key, known);
    return known;
  };
  const write = () => {
    const said = { ...namesOf(services, pods, addressOf), ...Object.fromEntries(overruled) };
    for (const [name, to] of overruled) if (to.length === 0) delete said[name];
    const names = JSON.stringify(said);
    if (names !== written.names) {
      writeFileSync(`${table}.new`, names);
      renameSync(`${table}.new`, table);
    }
    const rules = rulesOf(services, pods, network, addressOf);
    if (rules !== written.rules) network.setRules(rules);
    Object.assign(written, { names, rules });
  };
  write();
  return {
    addressOf,
    update(newServices, newPods) {
      services = newServices;
      pods = newPods;
      write();
    },
    setName(name, to) {
      overruled.set(name, to);
      write();
    },
    resetName(name) {
      overruled.delete(name);
      write();
    },
  };
}

const isHeadless = ({ spec }: Service) => spec?.clusterIP === 'None';

/** The pods that a Service names or sends to. */
function endpointsOf({ metadata, spec }: Service, pods: readonly Reachable[]): Reachable[] {
  const selector = Object.entries(spec?.selector ?? {});
  if (selector.length === 0) return [];
  return pods.filter(
    ({ namespace, labels, ready }) =>
      namespace === metadata.namespace &&
      (ready || spec?.publishNotReadyAddresses === true) &&
      selector.every(([key, value]) => labels[key] === value),
  );
}

/** A Service without any pod has its name but no address. */
function namesOf(services: readonly Service[], pods: readonly Reachable[], addressOf: (service: Service) => string) {
  const names: Record<string, readonly string[]> = {};
  for (const service of services) {
    const name = `${service.metadata.name}.${service.metadata.namespace}.svc.cluster.local`;
    const endpoints = endpointsOf(service, pods);
    names[name] = isHeadless(service) ? endpoints.map(({ ip }) => ip) : [addressOf(service)];
    if (!isHeadless(service)) continue;
    for (const { hostname, subdomain, ip } of endpoints)
      if (subdomain === service.metadata.name) names[`${hostname}.${name}`] = [ip];
  }
  return names;
}

/** One of the ready pods by chance for each new connection, as kube-proxy's rules; refused at once where there is none. */
function rulesOf(
  services: readonly Service[],
  pods: readonly Reachable[],
  network: Network,
  addressOf: (service: Service) => string,
): string {
  const rules = services
    .filter(service => !isHeadless(service) && service.spec?.selector)
    .flatMap(service => {
      const endpoints = endpointsOf(service, pods);
      return (service.spec?.ports ?? []).flatMap(port =>
        endpoints.flatMap((pod, i) => {
          const target = targetOf(port, pod);
          const to = `dnat to ${pod.ip}:${target}`;
          const chance = i < endpoints.length - 1 ? ` numgen random mod ${endpoints.length - i} == 0` : '';
          const protocol = (port.protocol ?? 'TCP').toLowerCase();
          return target === undefined
            ? []
            : [`ip daddr ${addressOf(service)} ${protocol} dport ${port.port}${chance} ${to}`];
        }),
      );
    });
  return `table ip services
delete table ip services
table ip services {
  chain to { type nat hook prerouting priority dstnat; ${rules.join('; ')}${rules.length > 0 ? ';' : ''} }
  chain from { type nat hook postrouting priority srcnat; ct status dnat masquerade; }
  chain refused { type filter hook forward priority filter; ip daddr ${network.services} reject with icmp port-unreachable; }
}
`;
}

function targetOf({ port, targetPort = port }: ServicePort, pod: Reachable): number | undefined {
  return typeof targetPort === 'number' ? targetPort : (pod.ports[targetPort] ?? (Number(targetPort) || undefined));
}
