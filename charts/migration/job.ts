import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Container, Job, JobSpec, PodTemplateSpec } from '../../imports/kubernetes.ts';
import { podsOf, startAlerts } from '../alerting/pods.ts';
import { WAVES } from '../conventions.ts';
import { type Body, KubeObject, type Patch } from '../kube-object.ts';
import type { Addresses } from '../postgres/access.ts';
import { RUN_GRACE, runOf } from '../run.ts';
import { type Companion, Workload } from '../workload.ts';
import { migrationAlerts } from './alerts.ts';
import type { MigrationProps } from './migration.ts';

interface JobProps extends MigrationProps {
  readonly variable: string;
  /** As whom it comes to the database. */
  readonly login: Addresses;
}

const SCRIPTS = '/etc/drydock/migration';

/** Variables that only the steps around the migration get: the service's image learns nothing of the poolers' console. */
const OURS = /^MIGRATION_/;

/** Asking takes little. */
const STEP_SIZE = {
  cpu: Cpu.millis(50),
  cpuLimit: Cpu.millis(500),
  memory: Size.mebibytes(128),
  ephemeralStorage: Size.mebibytes(64),
};

/** Kept for people to look at. */
const DAY_SECONDS = 24 * 60 * 60;

/**
 * One pod does it all, in the order of its init containers: `prepare`, the migration, `verify`; at last `finish`. The first that fails
 * ends it. A job of its own takes back what has begun, whenever the sync fails: it looks first whether there is anything of ours.
 */
export class MigrationJob extends Workload {
  constructor(
    scope: Construct,
    id: string,
    private readonly migration: JobProps,
  ) {
    const { database, login, variable, writes, copyUpTo = Size.gibibytes(10), deadline, patch = {} } = migration;
    const scripts = ['steps', 'prepare', 'finish', 'undo'].map(name => [`${SCRIPTS}/${name}.py`, script(name)]);
    super(
      scope,
      id,
      {
        ...migration,
        priority: 'batch',
        env: {
          ...migration.env,
          [variable]: login.directUrl,
          MIGRATION_URL: login.directUrl,
          MIGRATION_IMAGE: identityOf(migration),
          MIGRATION_BACKUP: database.archive === undefined ? 'no' : 'yes',
          MIGRATION_COPY_UP_TO: copyUpTo.toMebibytes() * 1024 ** 2,
          MIGRATION_PATIENCE: deadline.toSeconds(),
          ...(writes === 'stop' && { MIGRATION_CONSOLE: database.pooler.consoleUrl }),
        },
        files: { ...migration.files, ...Object.fromEntries(scripts) },
      },
      patch,
      { annotations: WAVES.prepare },
    );
    this.#job('job', this.name, 'Sync', () => this.#forward(), patch.job);
    this.#job('undo', `${this.name}-undo`, 'SyncFail', () => this.#back(), patch.undo);
    this.rules.add({
      name: 'migration',
      rules: [...startAlerts(this, podsOf.job(this.name)), ...migrationAlerts(this, { writes, deadline })],
    });
    if (writes === 'stop') database.pooler.mayPauseFor(deadline);
    // The next may come while the last still ends, and each with the one that takes it back.
    this.layer.expect(() => this.demand(4));
  }

  protected override get companions(): readonly Companion[] {
    const { image } = this.migration.database;
    return ['prepare', 'finish', 'undo'].map(name => ({
      size: STEP_SIZE,
      container: { name, image, command: ['python3', `${SCRIPTS}/${name}.py`] },
    }));
  }

  /** Each step with what the migration's own container has: the same files and certificate, and its part of the variables. */
  #pod(): { template: PodTemplateSpec; own: Container; step: (name: string) => Container } {
    const template = this.podTemplate({}, { grace: RUN_GRACE });
    const [own, ...steps] = template.spec!.containers;
    const step = (name: string) => ({
      ...steps.find(each => each.name === name)!,
      env: own!.env!.filter(({ name: variable }) => OURS.test(variable)),
      volumeMounts: own!.volumeMounts!,
    });
    return { template, own: { ...own!, env: own!.env!.filter(({ name: variable }) => !OURS.test(variable)) }, step };
  }

  #forward(): PodTemplateSpec {
    const { template, own, step } = this.#pod();
    const { verify } = this.migration;
    const initContainers = [
      step('prepare'),
      own,
      ...(verify ? [{ ...own, name: 'verify', command: [...verify] }] : []),
    ];
    return { ...template, spec: { ...template.spec, initContainers, containers: [step('finish')] } };
  }

  #back(): PodTemplateSpec {
    const { template, step } = this.#pod();
    return { ...template, spec: { ...template.spec, containers: [step('undo')] } };
  }

  #job(id: string, name: string, hook: 'Sync' | 'SyncFail', template: () => PodTemplateSpec, patch?: Patch<Job>): void {
    const { labels } = this.metadata(this.versioned);
    new KubeObject<Job>(
      this,
      id,
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name,
          namespace: this.namespace,
          labels,
          annotations: {
            'argocd.argoproj.io/hook': hook,
            'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
            ...WAVES.before,
          },
        },
      },
      (): Body<Job> => ({ spec: this.#spec(template(), hook === 'Sync' ? 1 : 3) }),
      patch,
    );
  }

  /** @param attempts one forward: what failed half-way needs to be taken back first; several back */
  #spec(template: PodTemplateSpec, attempts: number): JobSpec {
    const { deadline } = this.migration;
    return { ...runOf({ deadline, attempts }, template), ttlSecondsAfterFinished: DAY_SECONDS };
  }
}

/** What migrates once: an image with its command and its verification, another of which is another migration. */
function identityOf({ image, command, verify }: JobProps): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([command, verify]))
    .digest('hex');
  return `${image}@${hash.slice(0, 8)}`;
}

function script(name: string): string {
  return readFileSync(new URL(`${name}.py`, import.meta.url), 'utf8');
}
