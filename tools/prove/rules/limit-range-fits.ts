import type { LimitRangeItem, LimitRangeSpec } from '../../../imports/kubernetes.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { field } from './field.ts';
import type { Pod } from './pods.ts';
import { quantity } from './quantity.ts';
import { viewOf } from './view.ts';

/** How far a bound reaches, in words, and which side of it is wrong. */
const BOUNDS = {
  min: { word: 'least', broken: (amount: number, bound: number) => amount < bound },
  max: { word: 'most', broken: (amount: number, bound: number) => amount > bound },
} as const;

export const limitRangeFits: UnitRule = {
  name: 'limit-range-fits',
  demands:
    'What each container and init container requests and may take lies within the LimitRange of its namespace: other pods are refused when they start, not when they are applied.',
  except: 'Ephemeral containers, which take no resources.',
  *check(unit: Unit) {
    const view = viewOf(unit);
    for (const { manifest } of view.of('v1/LimitRange')) {
      const { name, namespace = '' } = manifest.metadata;
      for (const [index, limit] of (manifest.spec as LimitRangeSpec).limits.entries()) {
        if (limit.type !== 'Container') continue;
        for (const { object, pod } of view.workloadsIn(namespace)) {
          for (const problem of outside(pod, limit, `spec.limits[${index}] of LimitRange ${name}`))
            yield { object, ...problem };
        }
      }
    }
  },
};

function* outside(
  { containers }: Pod,
  limit: LimitRangeItem,
  limitAt: string,
): Iterable<{ given: string; remedy: string }> {
  for (const { at, is, container } of containers) {
    if (is === 'ephemeral') continue;
    for (const list of ['requests', 'limits'] as const) {
      const values = container.resources?.[list];
      for (const name in values) {
        for (const bound of ['min', 'max'] as const) {
          const given = limit[bound]?.[name];
          const { word, broken } = BOUNDS[bound];
          if (given === undefined || !broken(quantity(values[name]!).amount, quantity(given).amount)) continue;
          yield {
            given: `${field(`${at}.resources.${list}`, name)} is ${values[name]}, and ${bound} in ${limitAt} is ${given}`,
            remedy: `give at ${word} ${given}, or move that bound`,
          };
        }
      }
    }
  }
}
