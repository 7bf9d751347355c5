import { Construct } from 'constructs';
import type { Policy } from '../imports/custom.ts';
import type { HTTPIngressPath, Ingress } from '../imports/kubernetes.ts';
import { CertificateRules } from './alerting/certificates.ts';
import { askUptime } from './alerting/uptime.ts';
import { closed } from './closed.ts';
import { HTTP, OUT_OF_DNS, PLATFORM } from './conventions.ts';
import { KubeObject, type Patch } from './kube-object.ts';
import type { WebService } from './web-service.ts';

export interface ExposureProps {
  /** The host name, below a zone that the cluster's DNS serves. */
  readonly host: string;
  /** Tells several hosts of one service apart; joins the names of the objects. @default the service's own name */
  readonly name?: string;
  /** Path prefixes that are open to everybody. @default all */
  readonly paths?: readonly string[];
  /** Requests that one client address may make. @default no limit */
  readonly rateLimit?: RateLimit;
  /** Response headers that the edge sets, and hides where the service sends its own. @default the service's own headers pass */
  readonly headers?: Readonly<Record<string, string>>;
  /** Paths that only the cluster's operators reach (bastion, VPN); everybody else gets 403. @default none */
  readonly operatorsOnly?: readonly string[];
  /**
   * How one host leads to several clusters: `nearest` answers each client with the cluster of the least latency, by Route 53.
   * @default one cluster publishes the host
   */
  readonly routing?: 'nearest';
  /**
   * What is asked from outside to see whether the host is up: a path that answers 200 to anybody. Nothing is asked of a standby, whose
   * host leads elsewhere, nor where a cluster has no public certificates.
   *
   * @default the readiness path where it is open to everybody; a host without it, such as one that takes webhooks only, is not asked
   */
  readonly uptime?: { readonly path: string };
}

export interface RateLimit {
  /** In requests a minute. */
  readonly perMinute: number;
  /** Requests at once beyond an even flow; more get 429. */
  readonly burst: number;
}

/**
 * A limit for each client address.
 *
 * @param requests a minute, on average
 * @param burst requests that may come at once. @default half a minute's worth: a page that loads its parts together passes
 */
export function perMinute(requests: number, burst = Math.ceil(requests / 2)): RateLimit {
  return { perMinute: requests, burst };
}

/**
 * The headers that keep a browser from being turned against its user (OWASP Secure Headers Project).
 *
 * @param contentSecurityPolicy @default nothing may be loaded, framed or embedded: right for an API
 */
export function secureHeaders(
  contentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy,
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    // One year, what browsers' preload lists ask for.
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    // The old filter of browsers opened holes of its own; 0 turns it off, and the policy above does its work.
    'X-XSS-Protection': '0',
  };
}

/** @throws where a service is exposed twice under one name */
function idOf(service: WebService, { name, host }: ExposureProps): string {
  const id = name === undefined ? 'edge' : `edge-${name}`;
  if (service.node.tryFindChild(id) !== undefined) {
    const called = name === undefined ? 'without a name' : `as "${name}"`;
    throw new Error(`${service.node.path}: ${host} is the second host exposed ${called}; give it a name of its own`);
  }
  return id;
}

/** The edge's pods, by the labels that the F5 NGINX Ingress Controller's chart sets. */
const EDGE = { called: 'the edge', labels: { 'app.kubernetes.io/name': 'nginx-ingress' } };

const MERGEABLE = 'nginx.org/mergeable-ingress-type';

/**
 * A host name at the cluster's edge: Ingress with TLS, limits and headers, for the F5 NGINX Ingress Controller. Paths that
 * only operators reach make it three Ingresses (a master with the host, a minion for each kind of path), since the
 * controller applies an access policy to whole Ingresses.
 *
 * @throws where host, limit, header or path cannot be said to the controller, which would drop the whole Ingress
 */
export class Exposure extends Construct {
  /** What a browser asks: `https://<host>`. */
  readonly url: string;

  constructor(
    private readonly service: WebService,
    private readonly props: ExposureProps,
    private readonly patch?: Patch<Ingress>,
  ) {
    super(service, idOf(service, props));
    this.#check();
    this.url = `https://${props.host}`;
    const { edge } = service.system.site;
    service.network.allowFrom({ ...EDGE, namespace: edge.namespace }, service.port);
    const { paths = ['/'], operatorsOnly = [] } = props;
    const name = props.name ? `${service.name}-${props.name}` : service.name;

    CertificateRules.watch(service, `${name}-tls`);
    this.#uptime(name);
    if (operatorsOnly.length === 0) {
      this.#ingress('ingress', name, {
        tls: true,
        paths,
        annotations: { ...this.#hostAnnotations, ...this.#pathAnnotations },
      });
      return;
    }
    new KubeObject<Policy>(
      this,
      'operators',
      {
        apiVersion: 'k8s.nginx.org/v1',
        kind: 'Policy',
        metadata: this.#metadata(`${name}-operators`),
      },
      { spec: { accessControl: { allow: [...edge.operators] }, ingressClassName: edge.ingressClass } },
    );
    this.#ingress('ingress', name, { tls: true, annotations: { ...this.#hostAnnotations, [MERGEABLE]: 'master' } });
    const minion = { [MERGEABLE]: 'minion', ...this.#pathAnnotations, ...OUT_OF_DNS };
    this.#ingress('everyone', `${name}-everyone`, { paths, annotations: minion });
    this.#ingress('operators-only', `${name}-operators`, {
      paths: operatorsOnly,
      annotations: { ...minion, 'nginx.org/policies': `${name}-operators` },
    });
  }

  #uptime(name: string): void {
    const { role, certificates } = this.service.system.site;
    const { uptime } = this.props;
    const path = uptime?.path ?? this.service.readiness.path;
    if (uptime && !this.#isOpen(path))
      throw new Error(
        `${this.node.path}: uptime.path is "${path}", which is not open to everybody; name one of its paths, or leave uptime out`,
      );
    // A standby's host leads to another cluster; and nobody outside knows a self-made authority, or its hosts.
    if (!this.#isOpen(path) || role === 'standby' || certificates.issuer === 'self-signed') return;
    askUptime(this, this.service, { name, url: `${this.url}${path}`, start: this.service.readiness.start });
  }

  #isOpen(path: string): boolean {
    const { paths = ['/'], operatorsOnly = [] } = this.props;
    return paths.some(prefix => isBelow(prefix, path)) && !operatorsOnly.some(prefix => isBelow(prefix, path));
  }

  #ingress(
    id: string,
    name: string,
    its: { tls?: boolean; paths?: readonly string[]; annotations: Record<string, string> },
  ): void {
    const { host } = this.props;
    const { edge } = this.service.system.site;
    new KubeObject<Ingress>(
      this,
      id,
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { ...this.#metadata(name), annotations: its.annotations },
      },
      {
        spec: {
          ingressClassName: edge.ingressClass,
          rules: [{ host, ...(its.paths && { http: { paths: [...its.paths].sort().map(path => this.#path(path)) } }) }],
          ...(its.tls && { tls: [{ hosts: [host], secretName: `${name}-tls` }] }),
        },
      },
      this.patch,
    );
  }

  #path(path: string): HTTPIngressPath {
    return { backend: { service: { name: this.service.name, port: { name: HTTP } } }, path, pathType: 'Prefix' };
  }

  #metadata(name: string) {
    return { name, namespace: this.service.namespace, labels: this.service.labels };
  }

  /** What the controller takes on the Ingress that carries the host. */
  get #hostAnnotations(): Record<string, string> {
    const { headers, rateLimit } = this.props;
    return {
      'cert-manager.io/cluster-issuer': PLATFORM.issuer,
      'nginx.org/lb-method': 'round_robin',
      ...(rateLimit && {
        'nginx.org/limit-req-burst': String(rateLimit.burst),
        // biome-ignore lint/suspicious/noTemplateCurlyInString: nginx's variable, not ours
        'nginx.org/limit-req-key': '${binary_remote_addr}',
        'nginx.org/limit-req-no-delay': 'true',
        'nginx.org/limit-req-rate': `${rateLimit.perMinute}r/m`,
        'nginx.org/limit-req-reject-code': '429',
        // Each controller pod counts for itself; scaled, their sum is the limit.
        'nginx.org/limit-req-scale': 'true',
        'nginx.org/limit-req-zone-size': '10m',
      }),
      // The edge adds, it does not replace: without this a client sees the service's header and ours.
      ...(headers && { 'nginx.org/proxy-hide-headers': Object.keys(headers).sort().join(',') }),
      ...this.#dns,
    };
  }

  get #dns(): Record<string, string> {
    const { role, name, region } = this.service.system.site;
    if (role === 'standby') return OUT_OF_DNS;
    if (this.props.routing === undefined || role === 'independent') return {};
    // Both prefixes, as in OUT_OF_DNS.
    return Object.fromEntries(
      ['external-dns.alpha.kubernetes.io', 'external-dns.kubernetes.io'].flatMap(prefix => [
        [`${prefix}/aws-region`, region],
        [`${prefix}/set-identifier`, name],
      ]),
    );
  }

  /** What stands on each Ingress with paths, since minions do not take it over from their master. */
  get #pathAnnotations(): Record<string, string> {
    const headers = Object.entries(this.props.headers ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    // Not `nginx.org/hsts`: it stands at the server, where nginx forgets it beneath a location with headers of its own.
    return headers.length === 0
      ? {}
      : { 'nginx.org/add-header': headers.map(([name, value]) => `${name}: ${value}: always`).join(', ') };
  }

  #check(): void {
    const { host, rateLimit, headers = {}, paths = ['/'], operatorsOnly = [], routing = 'nearest' } = this.props;
    closed(this.node.path, this.props, {
      host: true,
      name: true,
      paths: true,
      rateLimit: true,
      headers: true,
      operatorsOnly: true,
      routing: true,
      uptime: true,
    });
    if (typeof rateLimit === 'object')
      closed(this.node.path, rateLimit, { perMinute: true, burst: true }, 'rateLimit.');
    const fail = (given: string, remedy: string) => {
      throw new Error(`${this.node.path}: ${given}; ${remedy}`);
    };
    if (typeof host !== 'string') fail(`host is ${JSON.stringify(host)}`, 'give the name it answers at');
    if (host.length > 253 || !host.split('.').every(label => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) {
      fail(`host is "${host}"`, 'give a lower-case DNS name: labels of 63 characters at most, 253 in all');
    }
    if (routing !== 'nearest') fail(`routing is "${routing}"`, "write 'nearest', or leave it out");
    const { domain } = this.service.system.site;
    if (host !== domain && !host.endsWith(`.${domain}`)) {
      fail(
        `host is "${host}"`,
        `end it in .${domain}: the cluster gets certificates and DNS records for no other zone`,
      );
    }
    if (rateLimit !== undefined) {
      if (typeof rateLimit !== 'object') fail(`rateLimit is ${JSON.stringify(rateLimit)}`, 'write perMinute(100)');
      for (const [field, value] of Object.entries({ perMinute: rateLimit.perMinute, burst: rateLimit.burst })) {
        if (!Number.isInteger(value) || value < 1) fail(`rateLimit.${field} is ${value}`, 'give a whole number from 1');
      }
    }
    for (const [name, value] of Object.entries(headers)) {
      // The controller splits its annotation at commas and colons, and refuses what could end nginx's own quotes.
      if (!/^[A-Za-z0-9-]+$/.test(name) || /[:,$"\\\r\n]/.test(value)) {
        fail(
          `the header ${name} is "${value}"`,
          'leave out : , $ " \\ and line breaks, which the edge cannot carry, or send it from the service',
        );
      }
    }
    if (paths.length === 0) fail('paths is empty', 'leave it out for all, or do not expose the service');
    for (const path of operatorsOnly) {
      if (!path.startsWith('/') || path === '/')
        fail(`operatorsOnly has "${path}"`, 'give a path below /, such as /admin');
    }
    const all = [...paths, ...operatorsOnly];
    for (const path of all) {
      // What nginx and the controller take as they are (docs.nginx.com/nginx-ingress-controller, "Ingress path").
      if (!/^\/[\w.~%@:+/-]*$/.test(path))
        fail(`the path "${path}"`, 'begin it with /, and leave out what URLs encode');
      if (all.indexOf(path) !== all.lastIndexOf(path))
        fail(`the path "${path}" stands twice`, 'keep one: two Ingresses with one path are served by either');
    }
  }
}

/** As `pathType: Prefix` goes by: segment by segment. */
function isBelow(prefix: string, path: string): boolean {
  const root = prefix.replace(/\/$/, '');
  return path === root || path.startsWith(`${root}/`);
}
