import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { EnvVar, VolumeMount } from '../../imports/kubernetes.ts';
import type { Companion } from '../workload.ts';

/** Where the agent's scripts stand. */
export const AGENT = '/etc/drydock/agent';

/**
 * What looks after one server from beside it, every ten seconds: certificates, settings, databases and logins, by the scripts in
 * charts/postgres/agent.
 */
export function agent(image: string, env: readonly EnvVar[], mounts: readonly VolumeMount[]): Companion {
  const often = { failureThreshold: 3, periodSeconds: 60, successThreshold: 1, timeoutSeconds: 10 };
  return {
    size: {
      cpu: Cpu.millis(20),
      cpuLimit: Cpu.millis(500),
      memory: Size.mebibytes(128),
      ephemeralStorage: Size.mebibytes(16),
    },
    container: {
      name: 'agent',
      image,
      command: ['python3', '-u', `${AGENT}/agent.py`],
      env: [...env, { name: 'PYTHONDONTWRITEBYTECODE', value: '1' }],
      // It touches the file after each task, none of which takes three minutes.
      livenessProbe: { ...often, exec: { command: ['sh', '-c', '[ -n "$(find /tmp/agent.beat -mmin -3)" ]'] } },
      // A server that answers must not leave its Services because its agent does not: it has begun once, and that will do.
      readinessProbe: { ...often, exec: { command: ['test', '-e', '/tmp/agent.beat'] }, periodSeconds: 10 },
      volumeMounts: [...mounts],
    },
  };
}
