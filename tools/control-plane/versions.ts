/** The patch release of each Kubernetes minor that tests and imports ask; raised by hand, and `npm run import` then shows what moved. */
export const releases: Readonly<Record<string, string>> = {
  '1.33': '1.33.13',
  '1.34': '1.34.4',
  '1.35': '1.35.4',
  '1.36': '1.36.3',
};

/** The release of Cilium whose definition and code judge CiliumNetworkPolicies; its module must be on the Go module proxy. */
export const CILIUM = '1.19.6';

/** The release of cyclonus whose matcher judges NetworkPolicies. */
export const CYCLONUS = '0.5.6';

/** The release of the OpenTelemetry Collector that judges our configurations: the one of the image that runs them. */
export const COLLECTOR = '0.155.0';

/**
 * The checksums, as go.sum has them, of that release's `pkg/stanza` and of its go.mod: a module that not every checksum database knows. A
 * new release has others; Go names them when it refuses these.
 */
export const STANZA = {
  module: 'h1:umDXG6ma9oFjoG8nnSEZoJOgvn3mY/95W2ikM/j/nNQ=',
  goMod: 'h1:1DFUJuGWhWhE4ABx+is/l7ZEzHxTfFhkrV00ZMfxBjI=',
} as const;

/** The release of Patroni that stands for the one of our image, and of the driver that it asks; on PyPI. */
export const PATRONI = '4.1.4';
export const PSYCOPG2 = '2.9.11';

/** What stands for S3 (on PyPI), Azure's blobs (npm) and Google's Cloud Storage (a Go module). */
export const MOTO = '5.2.5';
export const AZURITE = '3.35.0';
export const FAKE_GCS = '1.56.1';

/**
 * What tells Prometheus of other programs, at releases which the Go module proxy has. Those of the images differ where it has not theirs.
 */
export const EXPORTERS = {
  postgres_exporter: '0.19.1',
  pgbouncer_exporter: '0.12.1',
  redis_exporter: '1.88.0',
  'kube-state-metrics': '2.19.1',
} as const;

/** '1.35' → '1.35.4'; a full version stays itself. */
export function releaseOf(version: string): string {
  if (/^\d+\.\d+\.\d+$/.test(version)) return version;
  const release = releases[version];
  if (release === undefined) {
    throw new Error(
      `no release is known for Kubernetes '${version}'; use one of ${Object.keys(releases).join(', ')} or add it to tools/control-plane/versions.ts`,
    );
  }
  return release;
}

/** '1.35.4' or '1.35' → '1.35'. */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
