import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { closed } from './closed.ts';
import type { Cdn } from './cluster.ts';
import { TOOLS } from './conventions.ts';
import type { Exposure, ExposureProps } from './exposure.ts';
import { external } from './external-service.ts';
import { Job } from './job.ts';
import type { Range } from './replicas.ts';
import { PAGES, PORT, SERVER_FILE, staticServer } from './static-server.ts';
import { System } from './system.ts';
import { WebService, type WebServicePatches } from './web-service.ts';

export interface StaticSiteProps {
  /** The image with its tag: nginx-unprivileged and the built files. */
  readonly image: string;
  /** A fixed number, or a range that scales on CPU or memory: nginx counts no requests for Prometheus. */
  readonly replicas: number | Omit<Range, 'targetRequestsPerMinute' | 'targetQueueLength' | 'peakRequestsPerMinute'>;
  /** What the page reads from `/config.json`: one build serves every environment. All of it is public. @default {} */
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  /** The path below which a file's name changes with its content: browsers keep it for a year. @default /assets/ */
  readonly assets?: string;
  /**
   * What the scheduler reserves for one pod.
   *
   * @default 50m: at the limit, 200m, a megabyte of script is compressed in 0.1 s (17 ms of a core, measured)
   */
  readonly cpu?: Cpu;
  /**
   * Reserved and at once the limit.
   *
   * @default 64 MiB: nginx 1.22 takes 4, 0.7 more for each core of its node (measured), and 0.3 for each answer that it
   * compresses (zlib, "Memory Footprint")
   */
  readonly memory?: Size;
  /** How long a pod may finish what it has begun, after it is out of every load balancer. @default 20 seconds */
  readonly drain?: Duration;
  /** The last word on each object it makes. */
  readonly patch?: WebServicePatches;
}

/**
 * A front end without a server of its own: built files behind nginx, with what browsers and the CDN may keep of them.
 * An unknown path gets index.html, since the page knows its own; `/livez`, `/readyz` and `/config.json` are taken.
 *
 * The image is built on `docker.io/nginxinc/nginx-unprivileged` and has its files in `/usr/share/nginx/html`. It runs
 * as any user, with a read-only root and a writable `/tmp`.
 *
 * Where the cluster stands behind a CDN, each sync ends with the CDN dropping its copies. It needs the secret
 * `cdn/api-token`, a token that may purge the zone's cache and nothing else. Cloudflare keeps pages only where a cache
 * rule of the zone lets it; scripts, styles and images it keeps anyway.
 *
 * @throws where an option cannot be
 */
export class StaticSite extends Construct {
  readonly #service: WebService;

  constructor(
    scope: Construct,
    private readonly id: string,
    props: StaticSiteProps,
  ) {
    super(scope, id);
    const { path } = this.node;
    closed(path, props, OPTIONS);
    const { image, replicas, config = {}, assets = '/assets/', drain, patch } = props;
    checkAssets(path, assets);
    const { name: system, site } = System.of(this);
    const tag = `${system}-${id}`;
    this.#service = new WebService(this, id, {
      image,
      port: PORT,
      replicas,
      cpu: props.cpu ?? Cpu.millis(50),
      memory: props.memory ?? Size.mebibytes(64),
      files: { [SERVER_FILE]: staticServer({ assets, tag }), [`${PAGES}/config.json`]: configJson(path, config) },
      drain,
      patch,
    });
    // A standby's host leads to another cluster, whose copies are in use.
    if (site.cdn !== undefined && site.role !== 'standby') this.#purge(site.cdn, tag);
  }

  /** Gives it a host name at the cluster's edge, with a certificate. Call it once for each host; from the second on with a `name`. */
  expose(props: ExposureProps): Exposure {
    // The page itself: nginx is ready without it.
    return this.#service.expose({ ...(props.paths === undefined && { uptime: { path: '/' } }), ...props });
  }

  /** Drops what carries the tag. Assets stay: pages that people opened yesterday still ask for yesterday's. */
  #purge({ zone }: Cdn, tag: string): void {
    new Job(this, `${this.id}-purge`, {
      runs: 'after the rollout',
      image: TOOLS.curl,
      command: ['curl', '--fail-with-body', '--silent', '--show-error', '--retry', '3', '--max-time', '10'],
      args: [
        // curl reads the token itself: on a command line everybody on the node could.
        ...['--variable', '%CDN_API_TOKEN', '--expand-header', 'Authorization: Bearer {{CDN_API_TOKEN:trim}}'],
        ...['--json', JSON.stringify({ tags: [tag] })],
        `https://${CLOUDFLARE_API}/client/v4/zones/${zone}/purge_cache`,
      ],
      env: { CDN_API_TOKEN: external('Cloudflare', { hosts: [CLOUDFLARE_API] }).secret('cdn/api-token') },
      cpu: Cpu.millis(20),
      memory: Size.mebibytes(32),
      deadline: Duration.minutes(2),
    });
  }
}

const CLOUDFLARE_API = 'api.cloudflare.com';

const SOUNDS_SECRET = /secret|token|pass(?!enger|ive)|pwd|jwt|bearer|credential|(?<!public|publishable)_?key$/i;

/** Any order of the author's gives one text. */
function configJson(path: string, config: NonNullable<StaticSiteProps['config']>): string {
  for (const [name, value] of Object.entries(config) as [string, unknown][]) {
    if (SOUNDS_SECRET.test(name))
      throw new Error(
        `${path}: config.${name} sounds like a secret, and everybody who opens the page reads it; leave it out, or rename it`,
      );
    if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) continue;
    const given = typeof value === 'object' ? 'no plain value' : String(value);
    throw new Error(
      `${path}: config.${name} is ${given}; give text, a number, true or false: everybody who opens the page reads it`,
    );
  }
  const sorted = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

function checkAssets(path: string, assets: string): void {
  // A dot at the beginning of a name would hide it: the server answers 404.
  if (!/^(\/[A-Za-z0-9_-][\w.-]*)+\/$/.test(assets))
    throw new Error(`${path}: assets is "${assets}"; write a path such as /assets/, of letters, digits, - _ and .`);
}

const OPTIONS: Readonly<Record<keyof StaticSiteProps, true>> = {
  image: true,
  replicas: true,
  config: true,
  assets: true,
  cpu: true,
  memory: true,
  drain: true,
  patch: true,
};
