import type { ServiceSpec } from '../../../imports/kubernetes.ts';
import type { Rendered } from '../../render/manifest.ts';
import type { End, Unit, UnitRule, Wire } from '../rule.ts';
import { addressesIn, type ClusterAddress } from './cluster-addresses.ts';
import type { Pod } from './pods.ts';
import { type View, viewOf, type Workload } from './view.ts';
import { means, targetOf } from './wires.ts';

export const wiredAddresses: UnitRule = {
  name: 'wired-addresses',
  demands:
    'A Service of the cluster whose address stands in a variable, a command or an argument is one that the workload is wired to, and has that port.',
  except: 'A workload may speak of its own Service.',
  *check(unit: Unit) {
    if (unit.wiring === undefined) return;
    const view = viewOf(unit);
    for (const workload of view.workloads) {
      let wires: readonly Wire[] | undefined;
      for (const { at, variable, text } of textsOf(workload.pod)) {
        for (const address of addressesIn(text)) {
          wires ??= unit.wiring.filter(({ from }) => means(from, workload));
          const fault = closed(view, workload, wires, address);
          if (fault)
            yield {
              object: workload.object,
              given: `${at} holds ${address.host}, ${fault.given}`,
              remedy: fault.remedy(variable),
            };
        }
      }
    }
  },
};

interface Text {
  readonly at: string;
  /** The variable that holds it; left out for a part of a command line. */
  readonly variable?: string;
  readonly text: string;
}

function* textsOf({ containers }: Pod): Iterable<Text> {
  for (const { at, container } of containers) {
    for (const [index, { name, value }] of (container.env ?? []).entries())
      if (value) yield { at: `${at}.env[${index}] ${name}`, variable: name, text: value };
    for (const list of ['command', 'args'] as const)
      for (const [index, text] of (container[list] ?? []).entries()) yield { at: `${at}.${list}[${index}]`, text };
  }
}

interface Fault {
  readonly given: string;
  remedy(variable: string | undefined): string;
}

/** Why nothing lets a workload through to an address. */
function closed(view: View, workload: Workload, wires: readonly Wire[], address: ClusterAddress): Fault | undefined {
  const { namespace = workload.namespace, service: name, port, certain } = address;
  const service = view.find('v1/Service', namespace, name);
  if (service === undefined) {
    if (!certain || wires.some(({ to }) => leadsTo(to, namespace, name))) return undefined;
    return { given: `to which no wire leads from ${workload.name}`, remedy: () => elsewhere(view, namespace, name) };
  }
  const asked = port ?? address.schemePort;
  if (asked !== undefined && !offers(service, asked))
    return {
      given: `whose Service has no port ${asked}`,
      remedy: () => 'write a port that it has, or give it that one',
    };
  for (const target of behind(view, service)) {
    if (target.object === workload.object) continue;
    const number = portBehind(service, target, port);
    if (wires.some(wire => means(wire.to, target) && (number === undefined || wire.port === number))) continue;
    const place = number === undefined ? '' : ` at TCP ${number}`;
    return {
      given: `and no wire leads from ${workload.name} to ${target.name}${place}`,
      remedy: (variable = `${name.replaceAll('-', '_').toUpperCase()}_URL`) =>
        `write the reference, which opens the network: env: { ${variable}: ${camelCase(name)}.url }`,
    };
  }
  return undefined;
}

/** Whether a Service has a port; what is headless has all that its pods have. */
function offers({ manifest }: Rendered, port: number): boolean {
  const { ports = [], clusterIP } = (manifest.spec ?? {}) as ServiceSpec;
  return clusterIP === 'None' || ports.some(each => each.port === port);
}

/** The workloads behind a Service; none behind one that stands for something outside. */
function behind(view: View, { manifest: { metadata, spec } }: Rendered): readonly Workload[] {
  const { selector = {} } = (spec ?? {}) as ServiceSpec;
  if (Object.keys(selector).length === 0) return [];
  return view.select(metadata.namespace ?? '', { matchLabels: selector });
}

/** The container port that a Service's own leads to; none where the address or the Service says none. */
function portBehind({ manifest }: Rendered, { pod }: Workload, port: number | undefined): number | undefined {
  const { ports = [], clusterIP } = (manifest.spec ?? {}) as ServiceSpec;
  if (clusterIP === 'None') return port; // the address is the pods' own
  const found = ports.find(each => each.port === port);
  return found && targetOf(pod, found);
}

/** Whether an end may mean a Service that the unit does not render. */
function leadsTo(end: End, namespace: string, name: string): boolean {
  if (end.is === 'api-server') return isApiServer(namespace, name);
  if (end.is === 'hosts')
    return end.hosts.some(host => [...addressesIn(host)].some(each => each.namespace === namespace));
  return end.namespace === namespace && end.is === 'pods';
}

function isApiServer(namespace: string, name: string): boolean {
  return namespace === 'default' && name === 'kubernetes';
}

function elsewhere(view: View, namespace: string, name: string): string {
  if (isApiServer(namespace, name)) return 'give the workload the rights that it needs, which open the way';
  if (view.namespaces.has(namespace)) return `name a Service that namespace ${namespace} has, by its reference`;
  return "call it by a host that external('…', { hosts: […] }) declares: no other unit's pods can be wired";
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
