import type { Site } from '../cluster.ts';
import type { Env } from '../env.ts';
import { objectStore } from '../object-store.ts';

/**
 * rclone's remote `store`, said by variables (rclone.org/docs/#config-file), for a store that speaks S3. Keys or role, and the way
 * through the network, come with it.
 * @throws where the cluster has no such store
 */
export function rclone(site: Site, purpose: string): Env {
  const role = site.objectStores[purpose]?.endpoint === undefined;
  const { STORE_ACCESS_KEY_ID: id, STORE_SECRET_ACCESS_KEY: key, ...store } = objectStore(site, purpose, 'STORE');
  return {
    ...store,
    ...(id !== undefined && { AWS_ACCESS_KEY_ID: id }),
    ...(key !== undefined && { AWS_SECRET_ACCESS_KEY: key }),
    RCLONE_CONFIG: '/tmp/rclone.conf',
    RCLONE_CONFIG_STORE_TYPE: 's3',
    RCLONE_CONFIG_STORE_PROVIDER: role ? 'AWS' : 'Other',
    // The role of the account, or the two keys.
    RCLONE_CONFIG_STORE_ENV_AUTH: true,
    RCLONE_CONFIG_STORE_REGION: '$(STORE_REGION)',
    RCLONE_CONFIG_STORE_ENDPOINT: '$(STORE_ENDPOINT)',
    // It may look into this bucket, not make one.
    RCLONE_CONFIG_STORE_NO_CHECK_BUCKET: true,
  };
}
