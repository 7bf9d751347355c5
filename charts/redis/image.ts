/** Which server speaks Redis 7: Valkey 8.1 (BSD-3, the wire and files of Redis 7.2), or Redis 7.2, the last under that licence. */
export type Server = keyof typeof SERVERS;

/** Both bring redis-server, redis-sentinel, redis-cli and redis-check-rdb; Valkey's are links to its own. */
export const SERVERS = {
  // valkey.io/download/releases/v8-1-11
  'valkey 8.1': 'docker.io/valkey/valkey:8.1.11',
  'redis 7.2': 'docker.io/library/redis:7.2.11',
} as const;

/** @throws where nobody knows the server */
export function serverImage(path: string, server: Server = 'valkey 8.1'): string {
  const image = Object.hasOwn(SERVERS, server) ? SERVERS[server] : undefined;
  if (image === undefined)
    throw new Error(`${path}: server is "${server}"; write ${Object.keys(SERVERS).join(' or ')}`);
  return image;
}

/** Programs beside the server. */
export const IMAGES = {
  exporter: 'docker.io/oliver006/redis_exporter:v1.88.0',
  /** It moves dumps to and from any store that speaks S3. */
  rclone: 'docker.io/rclone/rclone:1.71.1',
  /** A line with long-term support. */
  proxy: 'docker.io/library/haproxy:3.2.5',
} as const;
