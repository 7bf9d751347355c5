import type { Container, Probe } from '../../../imports/kubernetes.ts';
import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { podOf } from './pods.ts';
import { LONG_RUNNING, POD_KINDS } from './workload-kinds.ts';

const PROBES = ['readinessProbe', 'livenessProbe', 'startupProbe'] as const;

const PURPOSE = {
  readinessProbe: 'give one that says when it can take requests',
  livenessProbe: 'give one that says when it must be restarted',
} as const;

export const probes: ObjectRule = {
  name: 'probes',
  demands:
    'Containers that run for ever have a readiness and a liveness probe, on different paths; a probe asks a port that its container declares.',
  except: 'Jobs, CronJobs, init containers and bare Pods need none.',
  kinds: POD_KINDS,
  *check(manifest: Manifest): Iterable<Problem> {
    const long = LONG_RUNNING.includes(kindOf(manifest));
    for (const { at, is, container } of podOf(manifest)!.containers) {
      if (is === 'ephemeral') continue;
      if (long && is === 'container') yield* wanting(container, at);
      for (const name of PROBES) {
        const port = portOf(container[name]);
        if (port !== undefined && !declares(container, port)) {
          yield {
            given: `${at}.${name} asks port ${port}, which the container does not declare`,
            remedy: `add it to ${at}.ports`,
          };
        }
      }
    }
  },
};

function* wanting(container: Container, at: string): Iterable<Problem> {
  const { readinessProbe: ready, livenessProbe: live } = container;
  for (const name of ['readinessProbe', 'livenessProbe'] as const) {
    if (container[name] === undefined) yield { given: `${at} has no ${name}`, remedy: PURPOSE[name] };
  }
  const path = live?.httpGet?.path;
  if (path !== undefined && path === ready?.httpGet?.path) {
    yield {
      given: `${at}.livenessProbe and readinessProbe both ask ${path}`,
      remedy: 'give two paths: a busy dependency is no reason to restart',
    };
  }
}

function portOf(probe: Probe | undefined): number | string | undefined {
  return probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port;
}

function declares({ ports = [] }: Container, port: number | string): boolean {
  return ports.some(({ name, containerPort }) => containerPort === port || name === port);
}
