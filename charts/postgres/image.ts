/** Major versions that the image's recipe (image/Dockerfile) builds. */
export const VERSIONS = ['16', '17'] as const;
export type PostgresVersion = (typeof VERSIONS)[number];

/** Of the recipe: raised with every change of image/Dockerfile, so that a tag is never built twice. */
const RECIPE = 1;

/**
 * PostgreSQL with Patroni, pgBackRest and PgBouncer: servers, agents, jobs and pooler run the same image, so that whoever reads a
 * data directory has the programs that wrote it.
 *
 * @throws where the recipe has no such version
 */
export function postgresImage(path: string, version: string): string {
  if (!(VERSIONS as readonly string[]).includes(version))
    throw new Error(`${path}: version is ${JSON.stringify(version)}; the image's recipe has ${VERSIONS.join(' and ')}`);
  return `ghcr.io/drydock/postgres:${version}-${RECIPE}`;
}
