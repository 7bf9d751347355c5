import { KubeObject, PLATFORM, type System } from '../../charts/index.ts';
import type { Certificate, ClusterIssuer } from '../../imports/custom.ts';

const SERVERS = {
  production: 'https://acme-v02.api.letsencrypt.org/directory',
  staging: 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

/** The key and the certificate of the cluster's own authority. */
const ROOT = 'root-certificate';

/** Who signs the cluster's hosts, and who signs what stands inside it: under one name each in every cluster. */
export function certificates(platform: System): void {
  const { certificates, domain, region } = platform.site;
  ownAuthority(platform);
  clusterIssuer(platform, PLATFORM.internalIssuer, { ca: { secretName: ROOT } });
  if (certificates.issuer === 'self-signed') {
    clusterIssuer(platform, PLATFORM.issuer, { ca: { secretName: ROOT } });
    return;
  }
  const { environment, email, hostedZone } = certificates;
  clusterIssuer(platform, PLATFORM.issuer, {
    acme: {
      email,
      privateKeySecretRef: { name: 'letsencrypt-account' },
      server: SERVERS[environment],
      solvers: [{ dns01: { route53: { hostedZoneID: hostedZone, region } }, selector: { dnsZones: [domain] } }],
    },
  });
}

/** A root made in the cluster, whose key never leaves it: peers inside need to trust one certificate only. */
function ownAuthority(platform: System): void {
  clusterIssuer(platform, 'self-signed', { selfSigned: {} });
  new KubeObject<Certificate>(
    platform,
    ROOT,
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: ROOT, namespace: PLATFORM.namespace },
    },
    {
      spec: {
        commonName: `${platform.site.name} root`,
        duration: '87600h0m0s',
        isCA: true,
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'self-signed' },
        // A new key would make every certificate below it worthless.
        privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Never', size: 256 },
        renewBefore: '8760h0m0s',
        secretName: ROOT,
      },
    },
  );
}

function clusterIssuer(platform: System, name: string, spec: ClusterIssuer['spec']): void {
  new KubeObject<ClusterIssuer>(
    platform,
    `issuer-${name}`,
    { apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', metadata: { name } },
    { spec },
  );
}
