import { App } from 'cdk8s';
import { Cpu, type Site, Size, System, WebService, type WebServiceProps } from '../../charts/index.ts';
import { Api } from '../../tools/prove/api.ts';
import { proveUnit } from '../../tools/prove/index.ts';
import { render } from '../../tools/render/index.ts';
import type { Manifest } from '../../tools/render/manifest.ts';
import { staging } from '../site.ts';

export const SITE: Site = { ...staging, role: 'independent' };

/** A system without anything in it, in staging unless told otherwise. */
export function system(site: Partial<Site> = {}): System {
  return new System(new App(), 'shop', { site: { ...SITE, ...site }, owner: 'team', costCenter: 'cc' });
}

/** A small service with all that is required. */
export function service(of: System, id: string, props: Partial<WebServiceProps> = {}): WebService {
  return new WebService(of, id, {
    image: 'ghcr.io/shop/web:1.0.0',
    port: 8080,
    replicas: 2,
    cpu: Cpu.millis(100),
    memory: Size.mebibytes(128),
    ...props,
  });
}

/** The rendered objects by `<Kind> <name>`, and what the render found wrong. */
export function rendered(of: System): {
  objects: Record<string, Manifest>;
  all: readonly Manifest[];
  findings: string[];
  files: string[];
} {
  const app = of.node.root as App;
  const place = {
    cluster: of.site.name,
    folder: `${of.site.name}/${of.name}`,
    ...of.place,
  };
  const { objects, findings } = render(app, place, new Api('imports', of.site.kubernetes));
  return {
    objects: Object.fromEntries(
      objects.map(({ manifest }) => [`${manifest.kind} ${manifest.metadata.name}`, manifest]),
    ),
    all: objects.map(({ manifest }) => manifest),
    files: objects.map(({ file }) => file),
    findings: findings.map(({ rule, given }) => `${rule}: ${given}`),
  };
}

/** What a platform brings that a system may name. */
const PLATFORM = new Set([
  'ClusterIssuer default',
  'ClusterIssuer internal',
  'ClusterSecretStore default',
  'IngressClass nginx',
  'PriorityClass batch',
  'PriorityClass critical',
  'PriorityClass standard',
  'StorageClass gp3',
]);

/** What all laws of one object and of the unit hold against a system, as `<rule>: <construct>: <given>`. */
export function judged(of: System): string[] {
  const { name: cluster, tier, kubernetes, nodePools } = of.site;
  const api = new Api('imports', kubernetes);
  const place = { cluster, folder: `${cluster}/${of.name}`, ...of.place };
  const { objects, findings } = render(of.node.root as App, place, api);
  const unit = {
    cluster: { name: cluster, tier, api, nodePools },
    system: of.name,
    objects,
    platform: PLATFORM,
    wiring: of.wiring,
  };
  return [...findings, ...proveUnit(unit, findings.length === 0)].map(
    ({ rule, construct, given }) => `${rule}: ${construct}: ${given}`,
  );
}
