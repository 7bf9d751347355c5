import type { Volume } from '../../../imports/kubernetes.ts';
import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { containerFaults } from './container-security.ts';
import { podOf } from './pods.ts';
import { POD_KINDS } from './workload-kinds.ts';

/** Volume types and sysctls of kubernetes.io/docs/concepts/security/pod-security-standards, profiles restricted and baseline. */
const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);
const SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
]);

const HOST_NAMESPACES = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

/** Where AppArmor stood before it became a field. */
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

export const podSecurity: ObjectRule = {
  name: 'pod-security',
  demands:
    'Pods pass the Pod Security Standard `restricted`: no host namespaces, ports or paths, no privileges, no root, seccomp on, all capabilities dropped.',
  kinds: POD_KINDS,
  *check(manifest: Manifest): Iterable<Problem> {
    const { spec, specAt, at, annotations, containers } = podOf(manifest)!;
    for (const name of HOST_NAMESPACES) {
      if (spec[name]) yield { given: `${specAt}.${name} is true`, remedy: 'leave it out: a pod has its own' };
    }
    for (const [index, volume] of (spec.volumes ?? []).entries()) {
      const type = typeOf(volume);
      if (type !== undefined && !VOLUMES.has(type)) {
        yield { given: `${specAt}.volumes[${index}] is a ${type}`, remedy: `use one of ${[...VOLUMES].join(', ')}` };
      }
    }
    for (const [index, { name }] of (spec.securityContext?.sysctls ?? []).entries()) {
      if (!SYSCTLS.has(name)) {
        yield {
          given: `${specAt}.securityContext.sysctls[${index}] sets ${name}`,
          remedy: 'leave it out: it reaches beyond the pod',
        };
      }
    }
    for (const key in annotations) {
      if (key.startsWith(APPARMOR) && !/^(runtime\/default|localhost\/.*)$/.test(annotations[key]!)) {
        yield {
          given: `${at}.metadata.annotations["${key}"] is "${annotations[key]}"`,
          remedy: 'write appArmorProfile: { type: RuntimeDefault } instead',
        };
      }
    }
    yield* containerFaults(spec.securityContext, containers, `${specAt}.securityContext`);
  },
};

function typeOf(volume: Volume): string | undefined {
  for (const key in volume) if (key !== 'name') return key;
  return undefined;
}
