import { CloudRole } from './cloud-role.ts';
import type { ObjectStore, Site } from './cluster.ts';
import { type Env, type EnvSource, reference } from './env.ts';
import { secret } from './secret.ts';
import type { Workload } from './workload.ts';

/**
 * One of the cluster's object stores, as variables of a workload: `<PREFIX>_BUCKET`, `<PREFIX>_REGION`, `<PREFIX>_ENDPOINT`. In
 * AWS the workload's account gets a role that may read and write this bucket; a store elsewhere takes keys, which come as
 * `<PREFIX>_ACCESS_KEY_ID` and `<PREFIX>_SECRET_ACCESS_KEY` from the secret store. Whoever has them may reach the store's hosts.
 *
 * @param purpose its key in the cluster's `objectStores`
 * @throws where the cluster has none of that name, or one that does not speak S3
 */
export function objectStore(site: Site, purpose: string, prefix: string): Env {
  const store = site.objectStores[purpose];
  if (store === undefined)
    throw new Error(
      `${site.name} has no object store "${purpose}"; it has ${Object.keys(site.objectStores).join(', ') || 'none'}: add it in clusters/`,
    );
  if (store.provider !== 's3')
    throw new Error(`the object store "${purpose}" of ${site.name} is ${store.provider}; name one that speaks S3`);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(prefix ?? ''))
    throw new Error(
      `the object store "${purpose}" has the prefix "${prefix}"; give the beginning of its variables: IMAGES`,
    );
  const { bucket, region, endpoint } = store;
  const common = { [`${prefix}_BUCKET`]: bucket, [`${prefix}_REGION`]: region };
  if (endpoint === undefined) return { ...common, [`${prefix}_ENDPOINT`]: byRole(store) };
  return {
    ...common,
    [`${prefix}_ENDPOINT`]: byKeys(store, endpoint),
    [`${prefix}_ACCESS_KEY_ID`]: secret(`${purpose}/access-key-id`),
    [`${prefix}_SECRET_ACCESS_KEY`]: secret(`${purpose}/secret-access-key`),
  };
}

/** Hosts in both of S3's ways to write a bucket's address: clients choose. */
function byRole({ bucket, region }: ObjectStore): EnvSource {
  const host = `s3.${region}.amazonaws.com`;
  return reference(`https://${host}`, (to: Workload) => {
    CloudRole.of(to).allow(
      { actions: ['s3:ListBucket'], resources: [`arn:aws:s3:::${bucket}`] },
      { actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], resources: [`arn:aws:s3:::${bucket}/*`] },
    );
    to.network.reach({ called: `S3 ${bucket}`, hosts: [host, `${bucket}.${host}`] }, 443);
    return { value: `https://${host}` };
  });
}

function byKeys({ bucket, addresses }: ObjectStore, endpoint: string): EnvSource {
  const { hostname, port, protocol } = new URL(endpoint);
  return reference(endpoint, (to: Workload) => {
    const tcp = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
    to.network.reach(
      { called: bucket, hosts: [hostname, `${bucket}.${hostname}`], ...(addresses && { addresses }) },
      tcp,
    );
    return { value: endpoint };
  });
}
