import type { Rendered } from '../../render/manifest.ts';
import type { Unit, UnitRule } from '../rule.ts';
import { makersOf } from './made-secrets.ts';
import { viewOf } from './view.ts';

export const oneSecretMaker: UnitRule = {
  name: 'one-secret-maker',
  demands:
    'Each Secret is made by one object, an ExternalSecret, a Certificate or an annotated Ingress: two would overwrite each other for ever.',
  except: 'An ExternalSecret of creationPolicy Merge, which adds to what another makes.',
  *check(unit: Unit) {
    const first = new Map<string, Rendered>();
    for (const { object, secret, adds } of makersOf(viewOf(unit))) {
      if (adds) continue;
      const other = first.get(secret);
      if (other === undefined) first.set(secret, object);
      else
        yield {
          object,
          given: `Secret ${secret} is also made by ${other.manifest.kind} ${other.manifest.metadata.name}`,
          remedy: 'give each a Secret of its own, or keep one of them',
        };
    }
  },
};
