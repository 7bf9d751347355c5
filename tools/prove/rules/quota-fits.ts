import type { PersistentVolumeClaim, ResourceQuotaSpec } from '../../../imports/kubernetes.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { addPeak } from './demand.ts';
import { field } from './field.ts';
import { quantity } from './quantity.ts';
import { type View, viewOf } from './view.ts';

/** `cpu` is short for `requests.cpu` in a quota. */
const SHORT = new Set(['cpu', 'memory', 'ephemeral-storage']);
const BYTES = /memory|storage$/;

/** What adding up in floating point may lose. */
const ROUNDING = 1e-6;

export const quotaFits: UnitRule = {
  name: 'quota-fits',
  demands:
    'A namespace’s quota holds its workloads at their peak: as many pods as a scaler may ask for, those a rolling update adds, every Job once, and what a failover switches on.',
  except: 'DaemonSets, whose pods follow the nodes.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const object of view.of('v1/ResourceQuota')) {
      const { hard = {}, scopes, scopeSelector } = (object.manifest.spec ?? {}) as ResourceQuotaSpec;
      if (scopes || scopeSelector) continue; // binds some of the pods only
      const peak = peakIn(view, object.manifest.metadata.namespace ?? '');
      for (const [name, text] of Object.entries(hard)) {
        const asked = peak.get(SHORT.has(name) ? `requests.${name}` : name);
        if (asked === undefined || asked <= quantity(text).amount * (1 + ROUNDING)) continue;
        yield {
          object,
          given: `${field('spec.hard', name)} is ${text}, the workloads’ peak ${print(name, asked)}`,
          remedy: `raise it to at least ${print(name, asked)}`,
        };
      }
    }
  },
};

function peakIn(view: View, namespace: string): Map<string, number> {
  const sum = new Map<string, number>();
  const add = (name: string, amount: number) => sum.set(name, (sum.get(name) ?? 0) + amount);
  for (const workload of view.workloadsIn(namespace)) addPeak(view, workload, add);
  for (const { manifest } of view.of('v1/PersistentVolumeClaim')) {
    if (manifest.metadata.namespace !== namespace) continue;
    add('persistentvolumeclaims', 1);
    add(
      'requests.storage',
      quantity((manifest as unknown as PersistentVolumeClaim).spec?.resources?.requests?.storage ?? '0').amount,
    );
  }
  return sum;
}

function print(name: string, amount: number): string {
  if (BYTES.test(name)) return quantity(`${Math.ceil(amount / 1024 ** 2)}Mi`).canonical;
  return name.endsWith('cpu') ? quantity(`${Math.ceil(amount * 1000 - ROUNDING)}m`).canonical : String(amount);
}
