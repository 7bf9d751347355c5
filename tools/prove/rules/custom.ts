/** The parts of custom resources that the laws read. Everything may be absent: their schemas leave much open. */

export const CERTIFICATE = 'cert-manager.io/v1/Certificate';
export const CLUSTER_ISSUER = 'cert-manager.io/v1/ClusterIssuer';
export const ISSUER = 'cert-manager.io/v1/Issuer';
export const EXTERNAL_SECRET = 'external-secrets.io/v1/ExternalSecret';
export const NGINX_POLICY = 'k8s.nginx.org/v1/Policy';

/** cert-manager.io/docs/usage/certificate */
export interface CertificateSpec {
  readonly secretName?: string;
  readonly issuerRef?: { readonly kind?: string; readonly name?: string; readonly group?: string };
  readonly keystores?: object;
  readonly additionalOutputFormats?: readonly object[];
}

/** external-secrets.io/latest/api/externalsecret */
export interface ExternalSecretSpec {
  readonly data?: readonly { readonly secretKey: string }[];
  readonly dataFrom?: readonly object[];
  readonly secretStoreRef?: { readonly kind?: string; readonly name?: string };
  readonly target?: {
    readonly name?: string;
    readonly creationPolicy?: string;
    readonly template?: {
      readonly data?: Readonly<Record<string, string>>;
      readonly mergePolicy?: string;
      readonly templateFrom?: readonly object[];
    };
  };
}

/** Annotations of an Ingress by which cert-manager makes its certificate (cert-manager.io/docs/usage/ingress). */
export const ISSUED_BY: Readonly<Record<string, string>> = {
  'cert-manager.io/cluster-issuer': CLUSTER_ISSUER,
  'cert-manager.io/issuer': ISSUER,
};
