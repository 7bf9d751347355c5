import type { JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import { Platform } from '../../../../apps/platform/index.ts';
import type { Site, System } from '../../../../charts/index.ts';
import { dock } from '../../../../dock.ts';
import type { Unit } from '../../../../fleet.ts';
import type { Finding } from '../../../../tools/render/finding.ts';
import { production } from '../../../site.ts';
import { Shop } from './shop.ts';

/** One fault in an app that is otherwise good. */
export interface BrokenApp {
  /** The object that the finding names, as `<Kind> <name>`. */
  readonly at: string;
  breaks?(shop: Shop): void;
  /** What is special of the cluster. */
  readonly site?: Partial<Site>;
  /** Another unit of the same cluster, rendered before the shop. */
  readonly beside?: new (
    scope: Construct,
    site: Site,
  ) => System;
  /** The folder that alerts lead to. @default nobody asks */
  readonly runbooks?: string;
  /** Laws that the fault breaks too, by its nature. */
  readonly also?: readonly string[];
}

/** A fault of one object. */
export function patched(at: string, ...patches: readonly JsonPatch[]): BrokenApp {
  return { at, breaks: shop => shop.object(at).addJsonPatch(...patches) };
}

/** An object too many, by its head as `v1/ConfigMap limits`. */
export function added(head: string, body: object, metadata?: object): BrokenApp {
  const at = head.slice(head.lastIndexOf('/') + 1);
  return { at, breaks: shop => shop.add(head, body, metadata) };
}

/** What the dock finds in a production cluster where the shop stands, and the path of the construct that is to be named. */
export function proven({ at, breaks, site: special, beside, runbooks }: BrokenApp): {
  readonly findings: readonly Finding[];
  readonly construct: string;
} {
  const site: Site = { ...production, role: 'primary', ...special };
  let construct = '';
  const unit = (system: string, of: Unit['of']): Unit => ({ system, site, of, build: scope => new of(scope, site) });
  const build = (scope: Construct) => {
    const shop = new Shop(scope, site);
    breaks?.(shop);
    construct = shop.object(at).node.path;
    return shop;
  };
  const units = [
    unit('platform', Platform),
    ...(beside ? [unit('till', beside)] : []),
    { ...unit('shop', Shop), build },
  ];
  const { findings } = dock([{ cluster: site, units }], {
    imports: 'imports',
    ...(runbooks && { runbooks }),
    take() {},
  });
  return { findings, construct };
}
