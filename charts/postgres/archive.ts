import type { Cluster, ObjectStore } from '../cluster.ts';

/** Where a database's backups and WAL are kept, and what they are kept with. Of the database's own cluster, or of another's. */
export interface Archive {
  /** The store's key in its cluster's `objectStores`: the store's keys have their place in the secret store by it. */
  readonly purpose: string;
  readonly store: ObjectStore;
  /** In the bucket; a cluster, a system and a database have one of their own. */
  readonly path: string;
  /** pgBackRest's name for the database. */
  readonly stanza: string;
  /** Where the passphrase stands below the system in the secret store. What is encrypted with it can only be read with it: never give it up. */
  readonly cipher: string;
}

/**
 * The archive of the database `id` of a system in a cluster: there it is written, from anywhere else it is only read.
 *
 * @param purpose the store's key in the cluster's `objectStores`
 * @throws where the cluster has no such store
 */
export function archiveOf(
  cluster: Pick<Cluster, 'name' | 'objectStores'>,
  system: string,
  id: string,
  purpose = 'backups',
): Archive {
  const store = cluster.objectStores[purpose];
  if (store === undefined)
    throw new Error(
      `${cluster.name} has no object store "${purpose}"; it has ${Object.keys(cluster.objectStores).join(', ') || 'none'}: add it in clusters/`,
    );
  return {
    purpose,
    store,
    path: `/${cluster.name}/${system}/${id}`,
    stanza: `${system}-${id}`,
    cipher: `${id}/archive/1`,
  };
}

/** The archive as one text, for the annotation HOLDS: nothing else may be written where it is. */
export function placeOf({ store, path, stanza }: Archive): string {
  const host = store.endpoint === undefined ? (store.account ?? '') : new URL(store.endpoint).host;
  return `${store.provider}://${host === '' ? '' : `${host}/`}${store.bucket}${path} ${stanza}`;
}
