import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';

export interface Answer {
  readonly status: number;
  /** Parsed where it is a JSON object, else text. */
  readonly body: unknown;
  /** The texts of the Warning headers: what admission tolerates but does not like. */
  readonly warnings: readonly string[];
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Judge, default and admit, but do not store. @default false */
  readonly dryRun?: boolean;
  /** Unknown and doubled fields are errors, not warnings. @default true */
  readonly strict?: boolean;
  /** Take over fields that another manager owns. @default false */
  readonly force?: boolean;
}

/**
 * A Kubernetes API server over plain https. The client library's object API hides Warning headers and cannot ask for strict field
 * validation; of it we keep the reading of kubeconfig files.
 */
export interface Api {
  request(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** As `request`, but an answer of 400 or more is an error. */
  get(path: string): Promise<unknown>;
  /** The REST path of an object; plural and scope are the server's. */
  pathOf(object: KubeObject): Promise<string>;
  /** @param object as data, or the YAML text of one object, which then is read by the server's own reader. */
  applyServerSide(object: KubeObject | string, options: ApplyOptions): Promise<Answer>;
}

interface Resource {
  readonly kind: string;
  /** The plural; with a slash, a sub-resource. */
  readonly name: string;
  readonly namespaced: boolean;
}

/** With a bearer token. */
export function connect({ url, token, ca }: { url: string; token: string; ca: string }): Api {
  return overHttps(url, {
    agent: new Agent({ ca, keepAlive: true, maxSockets: 16 }),
    headers: { Authorization: `Bearer ${token}` },
  });
}

/** As a user's kubeconfig file says; its way of logging in is client-node's. @param context @default the file's current one */
export async function connectKubeconfig(file: string, context?: string): Promise<Api> {
  const config = new KubeConfig();
  config.loadFromFile(file);
  if (context !== undefined) {
    if (!config.getContextObject(context)) throw new Error(`${file}: no context '${context}'; it has ${names(config)}`);
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`${file}: no current cluster; name one with --context (${names(config)})`);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return overHttps(cluster.server, options);
}

function names(config: KubeConfig): string {
  return config.contexts.map(({ name }) => name).join(', ');
}

function overHttps(url: string, base: RequestOptions): Api {
  const discovered = new Map<string, Promise<readonly Resource[]>>();

  const request: Api['request'] = (method, path, body, headers = {}) =>
    new Promise((done, failed) => {
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      const sending = httpsRequest(
        url.replace(/\/$/, '') + path,
        {
          ...base,
          method,
          headers: {
            Accept: 'application/json',
            ...(text === undefined
              ? {}
              : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
            ...(base.headers as Record<string, string>),
            ...headers,
          },
        },
        answer => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', failed);
          answer.on('end', () => {
            const raw = Buffer.concat(chunks).toString('utf8');
            done({ status: answer.statusCode ?? 0, body: parsed(raw), warnings: warningsOf(answer.rawHeaders) });
          });
        },
      );
      sending.on('error', (error: NodeJS.ErrnoException) =>
        failed(new Error(`${url}: ${error.code ?? error.message}`, { cause: error })),
      );
      sending.end(text);
    });

  const get: Api['get'] = async path => {
    const answer = await request('GET', path);
    if (answer.status >= 400) throw new Error(`GET ${path}: ${answer.status} ${messageOf(answer)}`);
    return answer.body;
  };

  const resource = async (apiVersion: string, kind: string): Promise<Resource | undefined> => {
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const known = discovered.get(apiVersion) ?? get(path).then(list => (list as { resources: Resource[] }).resources);
    discovered.set(apiVersion, known);
    try {
      return (await known).find(each => each.kind === kind && !each.name.includes('/'));
    } catch (error) {
      discovered.delete(apiVersion); // its CRD may be applied next
      throw error;
    }
  };

  const pathOf: Api['pathOf'] = async ({ apiVersion, kind, metadata }) => {
    let found = await resource(apiVersion, kind);
    if (!found) {
      discovered.delete(apiVersion);
      found = await resource(apiVersion, kind);
    }
    if (!found) throw new Error(`the server does not know ${apiVersion} ${kind}; apply its CRD first`);
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const inNamespace = found.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
    return `${root}${inNamespace}/${found.name}/${encodeURIComponent(metadata.name ?? '')}`;
  };

  return {
    request,
    get,
    pathOf,
    async applyServerSide(object, { fieldManager, dryRun = false, strict = true, force = false }) {
      const query = new URLSearchParams({
        fieldManager,
        fieldValidation: strict ? 'Strict' : 'Warn',
        force: String(force),
      });
      if (dryRun) query.set('dryRun', 'All');
      const path = await pathOf(typeof object === 'string' ? (parse(object) as KubeObject) : object);
      // JSON is YAML: one content type for both.
      return request('PATCH', `${path}?${query}`, object, { 'Content-Type': 'application/apply-patch+yaml' });
    },
  };
}

/** The server's own words of a failure. */
export function messageOf({ body }: Answer): string {
  return typeof body === 'string' ? body : ((body as { message?: string } | null)?.message ?? JSON.stringify(body));
}

/** By what it is, not by its Content-Type: the index of /openapi/v3 calls itself text/plain. */
function parsed(raw: string): unknown {
  if (!raw.startsWith('{')) return raw;
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

/** `299 - "text"`, one header a warning; node joins same-named headers with commas that the texts contain too, so raw headers it is. */
function warningsOf(rawHeaders: readonly string[]): string[] {
  return rawHeaders.flatMap((name, i) =>
    i % 2 === 0 && name.toLowerCase() === 'warning'
      ? [(rawHeaders[i + 1] ?? '').replace(/^\d+ \S+ "(.*)"$/s, '$1').replaceAll('\\"', '"')]
      : [],
  );
}
