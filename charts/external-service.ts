import { isCidr, overlap } from './cidr.ts';
import { closed } from './closed.ts';
import { type EnvSource, reference } from './env.ts';
import { secret } from './secret.ts';
import type { Workload } from './workload.ts';

export interface ExternalServiceProps {
  /** The names it answers at, in full: no wildcards. */
  readonly hosts: readonly string[];
  /** @default 443 */
  readonly port?: number;
  /** Its addresses in CIDR notation, where they are fixed and published: policies then name them in every cluster. */
  readonly addresses?: readonly string[];
}

/** Something outside the cluster, and outside Drydock, that workloads call. */
export interface ExternalService {
  /** `https://<host>`, of the first host; given to a workload it opens the network. */
  readonly url: EnvSource;
  /** The first host alone, for clients that want host and port apart; given to a workload it opens the network. */
  readonly host: EnvSource;
  /** A secret that is of use with this service alone; given to a workload it opens the network too. */
  secret(path: string): EnvSource;
}

/**
 * A service outside the cluster. Whoever is given its address or its key may reach its hosts: exactly them where the cluster's
 * network plugin matches names or `addresses` are given, else any public address at that port, which the policy then says.
 *
 * @example
 * const stripe = external('Stripe', { hosts: ['api.stripe.com'] });
 * env: { STRIPE_SECRET_KEY: stripe.secret('stripe/secret-key') }
 *
 * @throws where a host is none, or the port is none
 */
export function external(called: string, props: ExternalServiceProps): ExternalService {
  check(called, props);
  const { hosts, port = 443, addresses } = props;
  const reachFrom = (workload: Workload) =>
    workload.network.reach({ called, hosts, ...(addresses && { addresses }) }, port);
  const address = `https://${hosts[0]}${port === 443 ? '' : `:${port}`}`;
  const text = (value: string) =>
    reference(value, to => {
      reachFrom(to);
      return { value };
    });
  return {
    url: text(address),
    host: text(hosts[0]!),
    secret: path => {
      const inner = secret(path);
      return reference(inner.says, (to, variable) => {
        reachFrom(to);
        return inner.bind(to, variable);
      });
    },
  };
}

/** Loopback and link-local (RFC 6890): the node, and what tells a pod the node's own keys. */
const NEVER = ['127.0.0.0/8', '169.254.0.0/16'];

function check(called: string, props: ExternalServiceProps): void {
  const where = `external("${called}")`;
  const fail = (given: string, remedy: string) => {
    throw new Error(`${where}: ${given}; ${remedy}`);
  };
  closed(where, props, { hosts: true, port: true, addresses: true });
  const { hosts, port = 443, addresses } = props;
  if (!Array.isArray(hosts) || hosts.length === 0) fail(`hosts is ${JSON.stringify(hosts)}`, 'list at least one');
  for (const host of hosts) {
    if (!/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(host))
      fail(`hosts has "${host}"`, 'give a lower-case DNS name in full, without scheme, port or *');
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) fail(`port is ${port}`, 'give a port from 1 to 65535');
  if (addresses === undefined) return;
  if (!Array.isArray(addresses) || addresses.length === 0)
    fail(`addresses is ${JSON.stringify(addresses)}`, 'list them all, or leave them out where they change');
  for (const cidr of addresses) {
    if (!isCidr(cidr)) fail(`addresses has "${cidr}"`, 'write 203.0.113.0/24');
    if (NEVER.some(range => overlap(cidr, range)))
      fail(`addresses has "${cidr}"`, "name the service's own: this holds the node itself or the cloud's metadata");
  }
}
