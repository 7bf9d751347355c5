import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { podOf } from './pods.ts';
import { POD_KINDS } from './workload-kinds.ts';

/** Below stand accounts of the host, which a process that breaks out would be (Checkov's CKV_K8S_40). */
const LOWEST_ID = 10_000;

/** What we demand above `restricted`. */
export const podHardening: ObjectRule = {
  name: 'pod-hardening',
  demands: `Beyond Pod Security: a read-only root file system, user and group from ${LOWEST_ID}, an own ServiceAccount, no mounted token.`,
  except:
    'A pod that calls the API server mounts a projected serviceAccountToken volume: a named audience and an expiry instead of the automatic mount.',
  kinds: POD_KINDS,
  *check(manifest: Manifest): Iterable<Problem> {
    const { spec, specAt, containers } = podOf(manifest)!;
    const { automountServiceAccountToken: automount, serviceAccountName: account, securityContext: pod = {} } = spec;
    if (automount !== false) {
      yield {
        given: `${specAt}.automountServiceAccountToken is ${automount ?? 'not given'}`,
        remedy: 'write false; a pod that calls the API server mounts a projected token volume',
      };
    }
    if (account === undefined || account === '' || account === 'default') {
      yield {
        given: `${specAt}.serviceAccountName is ${account ? `"${account}"` : 'not given'}`,
        remedy: 'give the workload an account of its own',
      };
    }
    if (pod.fsGroup === 0 || pod.supplementalGroups?.includes(0)) {
      yield { given: `${specAt}.securityContext adds group 0`, remedy: 'give a group other than root, e.g. 10001' };
    }
    for (const { at, container } of containers) {
      const own = container.securityContext ?? {};
      if (own.readOnlyRootFilesystem !== true) {
        yield {
          given: `${at}.securityContext.readOnlyRootFilesystem is ${own.readOnlyRootFilesystem ?? 'not given'}`,
          remedy: 'write true and mount an emptyDir where it writes',
        };
      }
      for (const id of ['runAsUser', 'runAsGroup'] as const) {
        const value = own[id] ?? pod[id];
        if (value === undefined || value < LOWEST_ID) {
          yield {
            given: `${at}.securityContext.${id} is ${value ?? 'not given, nor the pod’s'}`,
            remedy: `give one from ${LOWEST_ID}, e.g. 10001`,
          };
        }
      }
    }
  },
};
