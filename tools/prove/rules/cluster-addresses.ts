/** Addresses of Services as programs are given them (kubernetes.io/docs/concepts/services-networking/dns-pod-service). */
export interface ClusterAddress {
  /** As it stands in the text, without scheme and port. */
  readonly host: string;
  readonly service: string;
  /** Left out in a short name, which means the pod's own namespace. */
  readonly namespace: string | undefined;
  readonly port: number | undefined;
  /** The port that its scheme means where it names none. */
  readonly schemePort: number | undefined;
  /** Whether it can be nothing else; a short name may be anything. */
  readonly certain: boolean;
}

const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
/** Where a word of its own begins; `$(POD).` may stand before the name of a headless Service. */
const BEGIN = '(?:^|:\\/\\/|[\\s,;="\'@(]|[)}]\\.)';
const END = '(?::(\\d+))?(?![\\w-]|\\.\\w)';

/** `menu.shop.svc`, `menu.shop.svc.cluster.local`, `database-0.database.shop.svc`. */
const FULL = new RegExp(
  `${BEGIN}((?:${LABEL}\\.)*?(${LABEL})\\.(${LABEL})\\.svc(?:\\.cluster\\.local)?)\\.?${END}`,
  'gi',
);

/** `http://menu`, `amqp://app@queue.shop:5672`, `menu:80`. */
const SHORT = new RegExp(
  `(?::\\/\\/(?:[^/\\s@]*@)?|(?:^|[\\s,;="'])(?=[\\w.-]+:\\d))((${LABEL})(?:\\.(${LABEL}))?)${END}`,
  'gi',
);

export function* addressesIn(text: string): Iterable<ClusterAddress> {
  if (text.includes('.svc')) {
    for (const match of text.matchAll(FULL)) yield addressOf(text, match, true);
  }
  if (!text.includes(':')) return;
  for (const match of text.matchAll(SHORT)) yield addressOf(text, match, false);
}

const SCHEMES: Readonly<Record<string, number>> = { http: 80, https: 443 };

function addressOf(text: string, match: RegExpExecArray, certain: boolean): ClusterAddress {
  const [, host = '', service = '', namespace, port] = match;
  const before = text.slice(0, text.indexOf(host, match.index));
  const [, scheme = ''] = /([a-z]+):\/\/(?:[^/\s@]*@)?$/i.exec(before) ?? [];
  return { host, service, namespace, port: numberOf(port), schemePort: SCHEMES[scheme.toLowerCase()], certain };
}

function numberOf(port: string | undefined): number | undefined {
  return port === undefined ? undefined : Number(port);
}
