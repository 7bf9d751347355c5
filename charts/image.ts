import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { type Cluster, TIERS, type Tier } from './cluster.ts';

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
 * @throws when asked for an image: where the file, an image, a tier or a pin is missing or wrong, or a moving tag such as
 * `latest` stands outside development: what runs would change without a review
 */
export function imagesFrom(file: URL): Images {
  const where = fileURLToPath(file).split('/').slice(-3).join('/');
  const fail = (given: string, remedy: string): never => {
    throw new Error(`${where}: ${given}; ${remedy}`);
  };
  let pins: Pins | undefined;

  return (name, { tier }) => {
    pins ??= read(file, fail);
    const found = repositoriesNamed(name, Object.keys(pins));
    if (found.length === 0) fail(`there is no image ${name}`, `it has ${Object.keys(pins).join(', ') || 'none'}`);
    if (found.length > 1) fail(`${name} may be ${found.join(' or ')}`, 'name more of the repository');
    const [repository = ''] = found;
    const pin = pins[repository]?.[tier] ?? '';
    const fault = pinFault(pin, tier);
    if (fault !== undefined) fail(`${repository} is ${fault.given}`, fault.remedy);
    return `${repository}:${pin}`;
  };
}

/** Of some repositories those that a name means: the whole of it, or its end from a slash on. */
export function repositoriesNamed(name: string, repositories: readonly string[]): string[] {
  return repositories.filter(each => each === name || each.endsWith(`/${name}`));
}

/** What is wrong with a pin in a tier, if anything. */
export function pinFault(pin: string, tier: Tier): { given: string; remedy: string } | undefined {
  const tag = PIN.exec(pin)?.groups?.tag;
  if (tag === undefined) return { given: `"${pin}" in ${tier}`, remedy: 'write a tag, or tag@sha256:digest' };
  if (MOVING.has(tag.toLowerCase()) && tier !== 'development')
    return { given: `"${tag}" in ${tier}`, remedy: `pin a release, ${tag} moves by itself` };
  return undefined;
}

type Pins = Record<string, Record<string, string>>;

function read(file: URL, fail: (given: string, remedy: string) => never): Pins {
  if (!existsSync(file)) fail('the file is missing', 'write one pin per image and tier into it');
  let pins: unknown;
  try {
    // As text alone: 1.10 is a tag, and no number.
    pins = parse(readFileSync(file, 'utf8'), { schema: 'failsafe' });
  } catch (error) {
    fail((error as Error).message.split('\n')[0]!, 'mend its YAML');
  }
  if (!isMap(pins)) return fail('it holds no images', 'write a repository, and below it a pin for each tier');
  for (const [repository, byTier] of Object.entries(pins)) {
    if (!isMap(byTier)) return fail(`${repository} has no pins`, `give one for each of ${TIERS.join(', ')}`);
    const given = Object.keys(byTier);
    const missing = TIERS.filter(tier => !given.includes(tier));
    const unknown = given.filter(tier => !(TIERS as readonly string[]).includes(tier));
    if (unknown.length > 0)
      fail(`${repository} has a pin for ${unknown.join(', ')}`, `the tiers are ${TIERS.join(', ')}`);
    if (missing.length > 0) fail(`${repository} has no pin for ${missing.join(' and ')}`, 'give one');
  }
  return pins as Pins;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The tag of a reference, as the value of a version label (63 characters at most, ending in a letter or digit). */
export function versionOf(image: string): string {
  const tag = image.replace(/@.*$/, '').match(/:([^:/]+)$/)?.[1];
  if (tag === undefined) throw new Error(`the image "${image}" has no tag; write repository:tag`);
  return tag.slice(0, 63).replace(/[^A-Za-z0-9]+$/, '');
}
