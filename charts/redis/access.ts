import { WorkloadCertificate } from '../certificate.ts';
import { TLS } from '../conventions.ts';
import { type Env, type EnvSource, reference } from '../env.ts';
import { secret } from '../secret.ts';
import type { Workload } from '../workload.ts';
import { LOGIN, loginOf, passwordPath } from './acl.ts';
import type { Login, RedisOptions } from './options.ts';

/** Somebody's way in: as whom, and with which password. */
export class Access {
  readonly user: string;
  readonly #name: string;
  readonly #login: Login;

  /**
   * @param name @default the login `app`, or the only one
   * @throws where there is none of that name, or several could be meant
   */
  constructor(
    private readonly server: Workload,
    logins: RedisOptions['logins'] = { [LOGIN]: {} },
    name?: string,
  ) {
    const names = Object.keys(logins);
    const meant = name ?? (names.includes(LOGIN) || names.length > 1 ? LOGIN : names[0]!);
    const login = Object.hasOwn(logins, meant) ? logins[meant] : undefined;
    if (login === undefined)
      throw new Error(
        `${server.node.path}: there is no login "${meant}"; say which with login('…'): it has ${names.join(', ')}`,
      );
    this.#name = meant;
    this.#login = login;
    this.user = loginOf(meant, login).user;
  }

  /**
   * The password, as a variable. The generation before stays with the client, under a key of its own: a pod that starts while the
   * new one is on its way waits for it, an old one that starts again finds its own.
   */
  get password(): EnvSource {
    const { password: generation = 1 } = this.#login;
    return reference(`password of ${this.user}`, (to: Workload, variable: string) => {
      for (const each of [generation, generation - 1]) {
        if (each >= 1) secret(passwordPath(this.server.name, this.#name, each)).request(to, `${variable}_${each}`);
      }
      return { valueFrom: { secretKeyRef: { name: to.name, key: `${variable}_${generation}` } } };
    });
  }

  /**
   * An address with user and password. No such address can carry an authority, so its file has a variable beside:
   * `<VARIABLE>_CA_FILE`.
   * @param wire opens the network, and says where
   */
  url(wire: (client: Workload) => { readonly host: string; readonly port: number }): EnvSource {
    return reference(`${this.server.name} as ${this.user}`, (to: Workload, variable: string) => {
      const { host, port } = wire(to);
      WorkloadCertificate.of(to);
      to.wire({ [`${variable}_PASSWORD`]: this.password, [`${variable}_CA_FILE`]: `${TLS}/ca.crt` });
      return { value: `rediss://${this.user}:$(${variable}_PASSWORD)@${host}:${port}` };
    });
  }

  /** What a client needs that follows Sentinel, by variables that begin with a prefix. Sentinels take the same login. */
  sentinels(prefix: string, wire: (client: Workload) => readonly string[]): Env {
    return {
      [`${prefix}_SENTINELS`]: reference(`the Sentinels of ${this.server.name}`, (to: Workload) => {
        WorkloadCertificate.of(to);
        return { value: wire(to).join(',') };
      }),
      [`${prefix}_MASTER`]: this.server.name,
      [`${prefix}_USER`]: this.user,
      [`${prefix}_PASSWORD`]: this.password,
      [`${prefix}_CA_FILE`]: `${TLS}/ca.crt`,
    };
  }
}
