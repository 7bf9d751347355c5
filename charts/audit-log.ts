import path from 'node:path';
import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { Container, Volume, VolumeMount } from '../imports/kubernetes.ts';
import { AUDIT_CONTAINER, TOOLS } from './conventions.ts';
import { hardenedContainer } from './pod.ts';
import { type ContainerSize, mebibytes, resourcesOf } from './quota.ts';

/** What the container that prints the audit log takes; its disk holds the file and its rotated copy. */
const SIZE: ContainerSize = {
  cpu: Cpu.millis(10),
  cpuLimit: Cpu.millis(100),
  memory: Size.mebibytes(32),
  ephemeralStorage: Size.mebibytes(64),
};

/**
 * An audit log kept apart: the service writes it into a file, and a container of its own prints that file, so that collectors
 * tell it by the container's name, and keep and guard it otherwise than what the service says
 * (kubernetes.io/docs/concepts/cluster-administration/logging, "streaming sidecar container"). It starts before the service
 * and ends after it, so that the last lines are printed too.
 */
export class AuditLog {
  readonly size = SIZE;
  readonly mount: VolumeMount;

  /** @param file where the service writes, one record a line; it rotates the file itself, below 32 MiB */
  constructor(
    construct: string,
    private readonly file: string,
  ) {
    if (!path.posix.isAbsolute(file) || path.posix.dirname(file) === '/')
      throw new Error(
        `${construct}: auditLog is "${file}"; give a file in a folder of its own, as in /var/log/shop/audit.log`,
      );
    this.mount = { name: 'audit-log', mountPath: path.posix.dirname(file) };
  }

  get volume(): Volume {
    return { name: 'audit-log', emptyDir: { sizeLimit: mebibytes(SIZE.ephemeralStorage.toMebibytes()) } };
  }

  get container(): Container {
    return {
      name: AUDIT_CONTAINER,
      image: TOOLS.tail,
      imagePullPolicy: 'IfNotPresent',
      // From the first line, and on in the new file after a rotation.
      command: ['tail', '-n', '+1', '-F', this.file],
      resources: resourcesOf(SIZE),
      restartPolicy: 'Always',
      securityContext: hardenedContainer(),
      volumeMounts: [{ ...this.mount, readOnly: true }],
    };
  }
}
