import { CloudRole } from './cloud-role.ts';
import type { ObjectStore } from './cluster.ts';
import { type Env, type EnvSource, reference } from './env.ts';
import type { Files } from './files.ts';
import type { Archive } from './postgres/archive.ts';
import { secret } from './secret.ts';
import type { Workload } from './workload.ts';

/** What a workload does with an archive. */
export type ArchiveUse =
  /** A database: adds to it. Whoever takes the database over cannot delete its backups. */
  | 'archive'
  /** A backup: adds to it, and removes what has been kept long enough. */
  | 'backup'
  /** A proof, or a database that follows. */
  | 'read';

export interface ArchiveAccess {
  readonly use: ArchiveUse;
  /** Whose role of the cloud it takes, where several workloads share one. @default its own */
  readonly role?: string;
}

/**
 * What a program needs beside its configuration to reach an archive: pgBackRest's own variables for the passphrase and the keys. They
 * bring along the way through the network and, where the store goes by it, a role of the cloud.
 */
export function archiveEnv(archive: Archive, access: ArchiveAccess): Env {
  const { purpose, store } = archive;
  return {
    PGBACKREST_REPO1_CIPHER_PASS: reaching(archive, access),
    ...(store.provider === 'azure' && { PGBACKREST_REPO1_AZURE_KEY: secret(`${purpose}/azure-key`) }),
    ...(store.provider === 's3' &&
      !goesByRole(store) && {
        PGBACKREST_REPO1_S3_KEY: secret(`${purpose}/access-key-id`),
        PGBACKREST_REPO1_S3_KEY_SECRET: secret(`${purpose}/secret-access-key`),
      }),
  };
}

/** Where Google's key of a service account stands: pgBackRest takes it as a file only. */
const GCS_KEY = '/etc/drydock/gcs/key.json';

/** Files that it needs besides: none, but for a store of Google's. */
export function archiveFiles({ purpose, store }: Archive): Files {
  return store.provider === 'gcs' ? { [GCS_KEY]: secret(`${purpose}/service-account-key`) } : {};
}

/** The part of pgBackRest's configuration that says where the first repository is: no secret among it. */
export function repository({ store, path }: Archive): Record<string, string> {
  return {
    'repo1-type': store.provider,
    'repo1-path': path,
    'repo1-cipher-type': 'aes-256-cbc',
    ...OPTIONS[store.provider](store),
  };
}

const OPTIONS: Record<ObjectStore['provider'], (store: ObjectStore) => Record<string, string>> = {
  s3: ({ bucket, region, endpoint }) => ({
    'repo1-s3-bucket': bucket,
    'repo1-s3-endpoint': endpoint === undefined ? `s3.${region}.amazonaws.com` : new URL(endpoint).hostname,
    'repo1-s3-region': region,
    'repo1-s3-key-type': endpoint === undefined ? 'web-id' : 'shared',
    // Stores that are not AWS seldom have a host for each bucket.
    ...(endpoint !== undefined && { 'repo1-s3-uri-style': 'path', ...hostOf(endpoint) }),
  }),
  azure: ({ account, bucket, endpoint }) => ({
    'repo1-azure-account': account!,
    'repo1-azure-container': bucket,
    'repo1-azure-key-type': 'shared',
    ...(endpoint !== undefined && { 'repo1-azure-uri-style': 'path', ...hostOf(endpoint) }),
  }),
  gcs: ({ bucket, endpoint }) => ({
    'repo1-gcs-bucket': bucket,
    'repo1-gcs-key': GCS_KEY,
    'repo1-gcs-key-type': 'service',
    // Of this store pgBackRest reads host and port from here, and passes over storage-host.
    ...(endpoint !== undefined && { 'repo1-gcs-endpoint': new URL(endpoint).host }),
  }),
};

/** A store of one's own, perhaps without TLS, which pgBackRest takes from 2.58 on where the host says so. */
function hostOf(endpoint: string): Record<string, string> {
  const { protocol, hostname } = new URL(endpoint);
  return {
    'repo1-storage-host': protocol === 'http:' ? `http://${hostname}` : hostname,
    'repo1-storage-port': String(portOf(endpoint)),
  };
}

function portOf(endpoint: string): number {
  const { port, protocol } = new URL(endpoint);
  return port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port);
}

/** In AWS itself an account of the cluster's has a role; everything else goes by keys. */
function goesByRole({ provider, endpoint }: ObjectStore): boolean {
  return provider === 's3' && endpoint === undefined;
}

/** The passphrase: of use with the store only, so it opens the way to it. */
function reaching(archive: Archive, access: ArchiveAccess): EnvSource {
  const inner = secret(archive.cipher);
  return reference(inner.says, (to: Workload, variable: string) => {
    const { store } = archive;
    const { endpoint, addresses } = store;
    to.network.reach(
      { called: `${store.provider} ${store.bucket}`, hosts: hostsOf(store), ...(addresses && { addresses }) },
      endpoint === undefined ? 443 : portOf(endpoint),
    );
    if (goesByRole(store)) grant(to, archive, access);
    return inner.bind(to, variable);
  });
}

function hostsOf({ provider, bucket, region, account, endpoint }: ObjectStore): string[] {
  if (endpoint !== undefined) return [new URL(endpoint).hostname];
  if (provider === 'azure') return [`${account}.blob.core.windows.net`];
  // A token is exchanged first.
  if (provider === 'gcs') return ['storage.googleapis.com', 'oauth2.googleapis.com'];
  return [`${bucket}.s3.${region}.amazonaws.com`];
}

const ADDS = ['s3:GetObject', 's3:PutObject'];
const ACTIONS: Readonly<Record<ArchiveUse, readonly string[]>> = {
  archive: ADDS,
  backup: [...ADDS, 's3:DeleteObject'],
  read: ['s3:GetObject'],
};

function grant(to: Workload, { store: { bucket }, path }: Archive, { use, role }: ArchiveAccess): void {
  CloudRole.of(to, role).allow(
    { actions: ['s3:ListBucket'], resources: [`arn:aws:s3:::${bucket}`] },
    { actions: ACTIONS[use], resources: [`arn:aws:s3:::${bucket}${path}/*`] },
  );
  // pgBackRest changes its token for a key at the global endpoint, whatever the region.
  to.network.reach({ called: 'AWS STS', hosts: ['sts.amazonaws.com'] }, 443);
}
