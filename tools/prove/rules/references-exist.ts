import type { ConfigMap } from '../../../imports/kubernetes.ts';
import type { Rendered } from '../../render/manifest.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { type Keys, madeSecrets } from './made-secrets.ts';
import { REFERENCES } from './object-references.ts';
import { podReferences } from './pod-references.ts';
import { CONFIG_MAP, Found, type Reference, SECRET } from './references.ts';
import { type View, viewOf } from './view.ts';

/** What every cluster has by itself. */
const BUILT_IN =
  /^(PriorityClass system-(cluster|node)-critical|ClusterRole (admin|cluster-admin|edit|view|system:.+))$/;
/** In every namespace (the root CA publisher of kube-controller-manager). */
const ROOT_CA = 'kube-root-ca.crt';

const REMEDIES: Readonly<Record<string, string>> = {
  ConfigMap: 'render it in the same namespace',
  Secret: "make it with an ExternalSecret or a Certificate of the same namespace: secret('…')",
  ServiceAccount: 'render it in the same namespace',
};

export const referencesExist: UnitRule = {
  name: 'references-exist',
  demands:
    'Whatever an object names exists, in the unit or among what the platform unit owns for the cluster: ConfigMaps and Secrets with the keys that are read, accounts, classes, issuers, stores, claims, policies, roles.',
  except: 'What is marked optional; what every cluster has by itself; a Secret’s keys where only its store knows them.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    const secrets = madeSecrets(view);
    for (const [object, references] of all(view)) {
      const told = new Set<string>();
      for (const reference of references) {
        const fault = missing(view, secrets, reference);
        if (fault === undefined || told.has(fault.what)) continue;
        told.add(fault.what); // a ConfigMap that is missing is one fault, however often a pod reads it
        yield { object, given: fault.given, remedy: fault.remedy };
      }
    }
  },
};

function* all(view: View): Iterable<[Rendered, readonly Reference[]]> {
  for (const workload of view.workloads) {
    const found = new Found(workload.object);
    podReferences(workload, found);
    yield [workload.object, found.references];
  }
  for (const kind in REFERENCES) {
    for (const object of view.of(kind)) {
      const found = new Found(object);
      REFERENCES[kind]!(object.manifest, found, view.namespaces);
      yield [object, found.references];
    }
  }
}

function missing(
  view: View,
  secrets: ReadonlyMap<string, Keys>,
  reference: Reference,
): { what: string; given: string; remedy: string } | undefined {
  const { at, kind, name, namespace, key } = reference;
  const keys = keysAt(view, secrets, reference);
  if (keys === 'any' || (keys !== undefined && (key === undefined || keys.has(key)))) return undefined;

  const what = `${kind.slice(kind.lastIndexOf('/') + 1)} ${name}`;
  if (keys === undefined) {
    if (BUILT_IN.test(what)) return undefined;
    const where = namespace === undefined ? 'neither the unit nor the platform has' : `namespace ${namespace} has not`;
    const [kindName = ''] = what.split(' ');
    const remedy =
      REMEDIES[kindName] ??
      (namespace === undefined
        ? 'add it to apps/platform, or name one that is there'
        : 'render it in the same namespace');
    return { what, given: `${at} names ${what}, which ${where}`, remedy };
  }
  return {
    what: `${what} ${key}`,
    given: `${at} reads the key ${key} of ${what}, which has ${[...keys].join(', ') || 'none'}`,
    remedy: 'add the key, or read one that is there',
  };
}

/** The keys of what is named; none where it does not exist. */
function keysAt(
  view: View,
  secrets: ReadonlyMap<string, Keys>,
  { kind, name, namespace }: Reference,
): Keys | undefined {
  if (kind === SECRET) return secrets.get(`${namespace}/${name}`);
  if (namespace === undefined) return view.knows(kind, name) ? 'any' : undefined;
  const found = view.find(kind, namespace, name);
  if (found === undefined) return kind === CONFIG_MAP && name === ROOT_CA ? 'any' : undefined;
  if (kind !== CONFIG_MAP) return 'any';
  const { data, binaryData } = found.manifest as unknown as ConfigMap;
  return new Set([...Object.keys(data ?? {}), ...Object.keys(binaryData ?? {})]);
}
