import { Construct } from 'constructs';
import type { Certificate } from '../imports/custom.ts';
import { CertificateRules } from './alerting/certificates.ts';
import { DURATION, RENEW_BEFORE } from './certificate-times.ts';
import { PLATFORM, TLS } from './conventions.ts';
import { KubeObject } from './kube-object.ts';
import type { Workload } from './workload.ts';

/**
 * What a workload shows its peers, and the authority that it believes: `tls.crt`, `tls.key` and `ca.crt` in `/etc/drydock/tls`,
 * signed by the cluster's own authority and renewed by cert-manager; the files change under a running pod, as a directory that
 * the kubelet swaps. Servers and clients alike have one, so a client finds the authority in its own namespace.
 */
export class WorkloadCertificate extends Construct {
  /** By which a server that goes by certificates knows it: at most 64 characters (RFC 5280, ub-common-name). */
  readonly commonName: string;
  readonly #names = new Set<string>();

  /** The one of a workload, made and mounted when first asked for. */
  static of(workload: Workload): WorkloadCertificate {
    const made = workload.node.tryFindChild('certificate') as WorkloadCertificate | undefined;
    return made ?? new WorkloadCertificate(workload);
  }

  private constructor(workload: Workload) {
    super(workload, 'certificate');
    const { name, namespace, system } = workload;
    CertificateRules.watch(workload, name);
    this.commonName = `${name}.${namespace}`;
    // The edge's certificate of a service is `<name>-tls`.
    const secretName = `${name}-internal-tls`;
    workload.attach({
      volume: { name: 'tls', secret: { defaultMode: 0o440, secretName } },
      mount: { mountPath: TLS, readOnly: true },
    });
    if (this.commonName.length > 64)
      throw new Error(
        `${workload.node.path}: its certificate's common name ${this.commonName} has ${this.commonName.length} characters of 64; shorten its name or its system's`,
      );
    new KubeObject<Certificate>(
      this,
      'certificate',
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: workload.metadata(),
      },
      () => ({
        spec: {
          commonName: this.commonName,
          duration: `${DURATION.toHours()}h0m0s`,
          renewBefore: `${RENEW_BEFORE.toHours()}h0m0s`,
          ...(this.#names.size > 0 && { dnsNames: [...this.#names].sort() }),
          issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: PLATFORM.internalIssuer },
          privateKey: { algorithm: 'ECDSA', encoding: 'PKCS8', rotationPolicy: 'Always', size: 256 },
          secretName,
          secretTemplate: { labels: { ...system.labels, ...workload.labels } },
          uris: [`spiffe://${system.site.domain}/ns/${namespace}/sa/${name}`],
          usages: ['digital signature', 'client auth', ...(this.#names.size > 0 ? (['server auth'] as const) : [])],
        },
      }),
    );
  }

  /** Names by which clients call it. */
  serve(...names: readonly string[]): this {
    for (const name of names) this.#names.add(name);
    return this;
  }
}
