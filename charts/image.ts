import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { byTier, type Cluster, type Tier } from './cluster.ts';

/** The reference of an image in a cluster's tier: repository, tag, and digest where the pin has one. */
export type Images = (name: string, cluster: Pick<Cluster, 'name' | 'tier'>) => string;

/** `1.4.2` or `1.4.2@sha256:…`: the grammar of tags and digests in the OCI distribution specification. */
const PIN = /^(?<tag>\w[\w.-]{0,127})(@sha256:[0-9a-f]{64})?$/;

/** Tags that name whatever was pushed last. */
const MOVING = new Set(['latest', 'main', 'master', 'edge', 'nightly', 'stable', 'dev']);

/**
 * The images of one system, from its `images.yaml`: a repository, and below it a pin for each tier.
 *
 * @param file `new URL('images.yaml', import.meta.url)`
 * @throws where the file, an image, a tier or a pin is missing or wrong, or a moving tag such as `latest` stands outside
 * development: what runs would change without a review
 */
export function imagesFrom(file: URL): Images {
  const where = fileURLToPath(file).split('/').slice(-3).join('/');
  if (!existsSync(file)) throw new Error(`${where} is missing; write one pin per image and tier into it`);
  const pins = parse(readFileSync(file, 'utf8'), { schema: 'failsafe' }) as Record<string, Record<Tier, string>> | null;

  return (name, cluster) => {
    const repository = Object.keys(pins ?? {}).find(key => key === name || key.endsWith(`/${name}`));
    if (repository === undefined) {
      throw new Error(`${where} has no image ${name}; it has ${Object.keys(pins ?? {}).join(', ') || 'none'}`);
    }
    const pin = String(byTier(cluster, pins![repository]!));
    const tag = PIN.exec(pin)?.groups?.tag;
    if (tag === undefined)
      throw new Error(`${where}: ${repository} is "${pin}" in ${cluster.tier}; write a tag, or tag@sha256:digest`);
    if (MOVING.has(tag) && cluster.tier !== 'development') {
      throw new Error(`${where}: ${repository} is "${tag}" in ${cluster.tier}; pin a release, ${tag} moves by itself`);
    }
    return `${repository}:${pin}`;
  };
}

/** The tag of a reference, as the value of a version label (63 characters at most, ending in a letter or digit). */
export function versionOf(image: string): string {
  const tag = image.replace(/@.*$/, '').match(/:([^:/]+)$/)?.[1];
  if (tag === undefined) throw new Error(`the image "${image}" has no tag; write repository:tag`);
  return tag.slice(0, 63).replace(/[^A-Za-z0-9]+$/, '');
}
