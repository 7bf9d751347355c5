import type { Container, EnvVar } from '../../../imports/kubernetes.ts';
import type { PodManifest } from './manifest.ts';
import { dataOf, type Objects } from './objects.ts';

/** What a container's environment is read from. */
export interface EnvironmentSource {
  readonly pod: PodManifest;
  readonly podIp: string;
  readonly objects: Objects;
  /** What the image and the runtime say; the manifest overrides it. */
  readonly base: Readonly<Record<string, string>>;
}

/**
 * A container's variables, as the kubelet computes them.
 * @throws where a key is missing that is not optional: the kubelet's CreateContainerConfigError
 */
export function environmentOf(container: Container, source: EnvironmentSource): Record<string, string> {
  const env: Record<string, string> = { ...source.base };
  for (const { configMapRef, secretRef, prefix = '' } of container.envFrom ?? []) {
    const reference = configMapRef ?? secretRef;
    const object = lookUp(configMapRef ? 'ConfigMap' : 'Secret', reference?.name ?? '', source);
    if (!object && !reference?.optional) throw missing(source.pod, container, `${reference?.name}`);
    for (const [name, value] of object ? dataOf(object) : []) env[prefix + name] = value.toString();
  }
  for (const variable of container.env ?? []) {
    const value = variableOf(variable, container, source, env);
    if (value !== undefined) env[variable.name] = value;
  }
  return env;
}

/** `$(NAME)` is the variable, `$$(NAME)` the text `$(NAME)`; a name that nobody set stays as it is. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (all, escaped: string, name: string | undefined) =>
    name === undefined ? escaped : (env[name] ?? all),
  );
}

function variableOf(
  { value, valueFrom, name }: EnvVar,
  container: Container,
  source: EnvironmentSource,
  env: Record<string, string>,
): string | undefined {
  if (!valueFrom) return expand(value ?? '', env);
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (fieldRef) return fieldOf(fieldRef.fieldPath, source);
  if (resourceFieldRef)
    return resourceOf(resourceFieldRef.resource, container, String(resourceFieldRef.divisor ?? '1'));
  const reference = configMapKeyRef ?? secretKeyRef;
  if (!reference) throw missing(source.pod, container, `a source of ${name}`);
  const object = lookUp(configMapKeyRef ? 'ConfigMap' : 'Secret', reference.name ?? '', source);
  const found = object && dataOf(object).get(reference.key)?.toString();
  if (found === undefined && !reference.optional)
    throw missing(source.pod, container, `${reference.name}.${reference.key}`);
  return found;
}

/** @param path as in the downward API, e.g. `metadata.labels['app']` */
export function fieldOf(path: string, { pod, podIp }: Pick<EnvironmentSource, 'pod' | 'podIp'>): string {
  const [, map, key] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
  if (map !== undefined && key !== undefined) return String(pod.metadata[map as 'labels' | 'annotations']?.[key] ?? '');
  const fields: Record<string, string | undefined> = {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': pod.metadata.namespace,
    'metadata.uid': pod.metadata.uid ?? `uid-of-${pod.metadata.name}`,
    'spec.nodeName': 'this-machine',
    'spec.serviceAccountName': pod.spec.serviceAccountName ?? 'default',
    'status.podIP': podIp,
    'status.podIPs': podIp,
    'status.hostIP': podIp,
  };
  const value = fields[path];
  if (value === undefined)
    throw new Error(`fieldRef ${path} is not known here; add it to test/real/pods/environment.ts`);
  return value;
}

/** @param resource e.g. `limits.memory`; rounded up to whole divisors, as the downward API does */
function resourceOf(resource: string, { resources, name }: Container, divisor: string): string {
  const [set, ...rest] = resource.split('.') as ['limits' | 'requests', ...string[]];
  const quantity = resources?.[set]?.[rest.join('.')] ?? resources?.limits?.[rest.join('.')];
  if (quantity === undefined)
    throw new Error(`${name}: it has no ${resource}, which its environment refers to; set it`);
  return String(Math.ceil(amountOf(String(quantity)) / (amountOf(divisor) || 1)));
}

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity as a number: `1536Mi` in bytes, `250m` in whole cores. */
export function amountOf(quantity: string): number {
  const [, number, unit] = /^([\d.]+)(m|[kMGT]|[KMGT]i)?$/.exec(quantity) ?? [];
  const factor = UNITS[unit ?? ''];
  if (number === undefined || factor === undefined)
    throw new Error(`'${quantity}' is no quantity; write one such as 512Mi`);
  return Number(number) * factor;
}

function lookUp(kind: 'ConfigMap' | 'Secret', name: string, { objects, pod }: EnvironmentSource) {
  const namespace = pod.metadata.namespace;
  return kind === 'ConfigMap' ? objects.configMap(namespace, name) : objects.secret(namespace, name);
}

function missing(pod: PodManifest, container: Container, what: string): Error {
  return new Error(
    `${pod.metadata.name}/${container.name}: its environment needs ${what} in ${pod.metadata.namespace}; apply it to the node first`,
  );
}
