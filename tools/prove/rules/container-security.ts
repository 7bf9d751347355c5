import type { Container, PodSecurityContext, Probe, SecurityContext } from '../../../imports/kubernetes.ts';
import type { Problem } from '../rule.ts';
import type { PodContainer } from './pods.ts';

type Faults = Iterable<Problem>;

const SELINUX_TYPES = new Set([
  undefined,
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);
const HANDLERS = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** The container's half of `restricted`; what a container leaves open is the pod's word. */
export function* containerFaults(
  pod: PodSecurityContext = {},
  containers: readonly PodContainer[],
  podAt: string,
): Faults {
  yield* shared(pod, podAt);
  if (pod.runAsNonRoot === false) yield { given: `${podAt}.runAsNonRoot is false`, remedy: 'write true' };
  for (const { at, container } of containers) {
    const own: SecurityContext = container.securityContext ?? {};
    const ownAt = `${at}.securityContext`;
    yield* shared(own, ownAt);
    if (own.privileged) yield { given: `${ownAt}.privileged is true`, remedy: 'write false' };
    if (own.allowPrivilegeEscalation !== false) {
      yield {
        given: `${ownAt}.allowPrivilegeEscalation is ${own.allowPrivilegeEscalation ?? 'not given'}`,
        remedy: 'write false',
      };
    }
    yield* capabilities(own, ownAt);
    if ((own.runAsNonRoot ?? pod.runAsNonRoot) !== true) {
      yield {
        given: `${ownAt}.runAsNonRoot is ${own.runAsNonRoot ?? 'not given, nor the pod’s'}`,
        remedy: 'write true',
      };
    }
    if ((own.seccompProfile ?? pod.seccompProfile) === undefined) {
      yield { given: `${ownAt}.seccompProfile is not given, nor the pod’s`, remedy: 'write type: RuntimeDefault' };
    }
    if (own.procMount !== undefined && own.procMount !== 'Default') {
      yield { given: `${ownAt}.procMount is ${own.procMount}`, remedy: 'leave it out' };
    }
    yield* hosts(container, at);
  }
}

/** What pod and container say with the same fields. */
function* shared(context: PodSecurityContext | SecurityContext, at: string): Faults {
  const { appArmorProfile, runAsUser, seccompProfile, seLinuxOptions, windowsOptions } = context;
  if (runAsUser === 0) yield { given: `${at}.runAsUser is 0`, remedy: 'give a user other than root, e.g. 10001' };
  if (seccompProfile && !isKept(seccompProfile.type)) {
    yield { given: `${at}.seccompProfile.type is ${seccompProfile.type}`, remedy: 'write RuntimeDefault' };
  }
  if (appArmorProfile && !isKept(appArmorProfile.type)) {
    yield { given: `${at}.appArmorProfile.type is ${appArmorProfile.type}`, remedy: 'write RuntimeDefault' };
  }
  if (windowsOptions?.hostProcess) yield { given: `${at}.windowsOptions.hostProcess is true`, remedy: 'leave it out' };
  if (seLinuxOptions && (!SELINUX_TYPES.has(seLinuxOptions.type) || seLinuxOptions.user || seLinuxOptions.role)) {
    yield { given: `${at}.seLinuxOptions leaves the container types`, remedy: 'leave it out' };
  }
}

function isKept(profile: string): boolean {
  return profile === 'RuntimeDefault' || profile === 'Localhost';
}

function* capabilities({ capabilities }: SecurityContext, at: string): Faults {
  if (!capabilities?.drop?.includes('ALL')) {
    yield { given: `${at}.capabilities.drop has no ALL`, remedy: 'write drop: [ALL]' };
  }
  for (const name of capabilities?.add ?? []) {
    if (name !== 'NET_BIND_SERVICE') yield { given: `${at}.capabilities.add holds ${name}`, remedy: 'leave it out' };
  }
}

/** Ports of the node, and probes that ask somebody else than the pod (baseline since Kubernetes 1.34). */
function* hosts(container: Container, at: string): Faults {
  for (const [index, { hostPort }] of (container.ports ?? []).entries()) {
    if (hostPort)
      yield {
        given: `${at}.ports[${index}].hostPort is ${hostPort}`,
        remedy: 'leave it out; a Service reaches the pod',
      };
  }
  for (const name of HANDLERS) {
    const probe: Probe | undefined = container[name];
    if (probe?.httpGet?.host || probe?.tcpSocket?.host)
      yield { given: `${at}.${name} names a host`, remedy: 'leave it out: a probe asks its own pod' };
  }
  for (const name of ['postStart', 'preStop'] as const) {
    const handler = container.lifecycle?.[name];
    if (handler?.httpGet?.host || handler?.tcpSocket?.host)
      yield { given: `${at}.lifecycle.${name} names a host`, remedy: 'leave it out' };
  }
}
