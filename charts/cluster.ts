/** What an environment is for. Sizes differ by tier, meaning does not. */
export type Tier = 'development' | 'staging' | 'production';

export const TIERS: readonly Tier[] = ['development', 'staging', 'production'];

/** The git ref that a cluster follows: `main`, or a protected ref that promotion fast-forwards. */
export type Ring = 'main' | 'ring-1' | 'ring-2';

/** The part a system plays in a cluster (the table of where each system runs). */
export type Role =
  /** Serves, and holds the primary database. */
  | 'primary'
  /** Serves from its own database, independent of other clusters. */
  | 'independent'
  /** Serves, and reads from a replica of the primary. */
  | 'replica'
  /** Services at their minimum and out of DNS until failover; the database follows the primary. */
  | 'standby';

/** A cluster as data: all that a construct may ask of where it stands. */
export interface Cluster {
  /** Its name in `dist/` and in Argo CD. */
  readonly name: string;
  readonly tier: Tier;
  /** The cloud's region, `local` for a cluster on a laptop. */
  readonly region: string;
  readonly ring: Ring;
  /** The AWS account that it stands in; left out for a cluster outside AWS. */
  readonly account?: string;
  /** Kubernetes minor, e.g. `1.35`. Objects are judged by this minor's schemas. */
  readonly kubernetes: string;
  /** The DNS zone below which the systems' hosts stand. */
  readonly domain: string;
  readonly storage: StorageClasses;
  readonly edge: Edge;
  readonly certificates: Certificates;
  readonly secrets: SecretStore;
  /** Buckets by purpose; systems refer to them by key. */
  readonly objectStores: Readonly<Record<string, ObjectStore>>;
  readonly nodePools: readonly NodePool[];
  readonly network: Network;
  /** When people work here; outside these hours services rest at no pods. Left out where they never rest. */
  readonly workingHours?: WorkingHours;
  /** Where logs and traces may go besides the cluster's own Loki and Tempo. @default nowhere */
  readonly telemetry?: Telemetry;
  /** Whether an Argo CD stands in it, whose Applications its Prometheus then watches. @default false */
  readonly runsArgoCd?: boolean;
  /** What stands before the edge and keeps copies; left out where browsers reach the edge itself. */
  readonly cdn?: Cdn;
}

/** A cluster as one system sees it: the cluster's facts and the part the system plays there. */
export interface Site extends Cluster {
  readonly role: Role;
  /** The cluster whose database the system's follows here; left out where it writes itself. */
  readonly follows?: Cluster | undefined;
}

/** Names of storage classes by what they hold. */
export interface StorageClasses {
  /** One writer: databases, caches. */
  readonly block: StorageClass;
  /** Many writers. Left out where the cluster has none. */
  readonly shared?: StorageClass;
  /** One writer, and gone with its claim: copies of data to work on, such as a restore. Left out where `block` is like that already. */
  readonly scratch?: StorageClass;
}

export interface StorageClass {
  readonly name: string;
  /** The CSI driver; left out where the cluster brings the class itself (kind's `standard`). */
  readonly provisioner?: 'ebs.csi.aws.com' | 'efs.csi.aws.com';
  readonly parameters?: Readonly<Record<string, string>>;
}

/** How HTTP reaches the cluster. */
export interface Edge {
  /** The F5 NGINX Ingress Controller. */
  readonly driver: 'nginx';
  readonly ingressClass: string;
  /** Where its pods run, for the network policies of what it calls. */
  readonly namespace: string;
  /** Addresses of operators (bastion, VPN) in CIDR notation; admin paths take no others. */
  readonly operators: readonly string[];
}

/** Who signs the certificates of the cluster's hosts. */
export type Certificates =
  /** Let's Encrypt, proven by a DNS record, so that no solver pod needs a hole in the network. */
  | {
      readonly issuer: 'letsencrypt';
      readonly environment: 'staging' | 'production';
      readonly email: string;
      readonly hostedZone: string;
    }
  /** An authority of the cluster's own, for clusters without public DNS. */
  | { readonly issuer: 'self-signed' };

/** Where External Secrets reads. One interface for constructs, three drivers. */
export type SecretStore =
  | { readonly driver: 'aws'; readonly region: string }
  | { readonly driver: 'vault'; readonly server: string; readonly mount: string; readonly role: string }
  /** Made-up values that stand in the repository: for clusters without any secret worth keeping. */
  | { readonly driver: 'fake' };

export interface ObjectStore {
  readonly provider: 's3' | 'azure' | 'gcs';
  /** The bucket; Azure calls it a container. */
  readonly bucket: string;
  /** Azure's storage account, in which the container stands; the others have none. */
  readonly account?: string;
  readonly region: string;
  /** Where it answers, for a store that is not the cloud's own, such as one that speaks S3 and is not AWS: `https://…`. */
  readonly endpoint?: string;
  /** The endpoint's addresses in CIDR notation where they are fixed: network policies then name them. */
  readonly addresses?: readonly string[];
}

/** What enforces network policies, and what it must know. */
export interface Network {
  /** `cilium` matches host names outside the cluster; `standard` knows NetworkPolicy, and so addresses only. */
  readonly plugin: 'cilium' | 'standard';
  /** Where the API server answers, as the pods' packets see it: its own addresses in CIDR notation, not the Service's. */
  readonly apiServer: { readonly addresses: readonly string[]; readonly port: number };
}

/** A span of each day, in the clock of a time zone. */
export interface WorkingHours {
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
  /** Days as cron has them, e.g. `1-5` for Monday to Friday. */
  readonly days: string;
  /** Full hours of the day, 0 to 23. */
  readonly from: number;
  readonly to: number;
}

/**
 * Backends outside the cluster, each by the address where it takes OTLP over HTTP, `https://…` without `/v1/…`. A system says which of
 * them it wants; where a cluster has none, its own Loki and Tempo take all.
 */
export interface Telemetry {
  /** What stands before Elasticsearch: Elastic's collector as a gateway, or its managed endpoint. */
  readonly elastic?: string;
  readonly jaeger?: string;
}

/** A content delivery network that purges on request. Which hosts go through it is settled in its own DNS, not here. */
export interface Cdn {
  readonly driver: 'cloudflare';
  /** The zone's identifier. */
  readonly zone: string;
}

/** A group of equal nodes. */
export interface NodePool {
  readonly name: string;
  /** Nodes at most. */
  readonly maxNodes: number;
  /** Allocatable cores of one node. */
  readonly cores: number;
  /** Allocatable memory of one node, in GiB. */
  readonly memoryGibibytes: number;
  /** Interruptible capacity; its nodes carry the label and the taint `drydock/spot`. */
  readonly spot: boolean;
}

/** Whether the system writes here: elsewhere its database follows another cluster's, and takes no writes. */
export function writesHere({ role }: Pick<Site, 'role'>): boolean {
  return role === 'primary' || role === 'independent';
}

/**
 * The value for the site's tier. A tier that is missing does not compile, and is refused at render as well, since `synth`
 * does not type-check.
 *
 * @throws naming each tier without a value
 */
export function byTier<const V extends Readonly<Record<Tier, unknown>>>(
  site: Pick<Cluster, 'name' | 'tier'>,
  values: V,
): V[Tier] {
  if (!TIERS.includes(site.tier)) {
    throw new Error(`the tier of ${site.name} is "${site.tier}"; write one of ${TIERS.join(', ')}`);
  }
  const missing = TIERS.filter(tier => values[tier] === undefined);
  if (missing.length > 0) {
    throw new Error(`byTier got no value for ${missing.join(' and ')}; give one for each of ${TIERS.join(', ')}`);
  }
  return values[site.tier];
}
