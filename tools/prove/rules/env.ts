import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { field } from './field.ts';
import { podOf } from './pods.ts';
import { CONFIG_MAP } from './references.ts';
import { hasPasswordInAddress, isHarmless, SECRET_NAME } from './secret-text.ts';
import { POD_KINDS } from './workload-kinds.ts';

const REMEDY = "take it from the store with secret('…'); what is no secret gets a name that does not sound like one";

export const env: ObjectRule = {
  name: 'env',
  demands: 'No variable that is named like a secret holds a literal value; neither does a key of a ConfigMap.',
  except:
    'secretKeyRef is allowed on purpose: the systems read variables. `$(OTHER)` refers and holds nothing; a number, true or false and an absolute path give nothing away.',
  kinds: [...POD_KINDS, CONFIG_MAP],
  *check(manifest: Manifest): Iterable<Problem> {
    if (kindOf(manifest) === CONFIG_MAP) return yield* configMap(manifest);
    for (const { at, container } of podOf(manifest)!.containers) {
      for (const [index, { name, value }] of (container.env ?? []).entries()) {
        if (!value) continue;
        if (SECRET_NAME.test(name) && !isHarmless(value))
          yield { given: `${at}.env[${index}] ${name} holds a literal value`, remedy: REMEDY };
        else if (hasPasswordInAddress(value))
          yield {
            given: `${at}.env[${index}] ${name} holds an address with a password`,
            remedy: 'write $(PASSWORD) in its place and take that from the store',
          };
      }
    }
  },
};

function* configMap({ data, binaryData }: Manifest): Iterable<Problem> {
  for (const [name, list] of Object.entries({ data, binaryData })) {
    const values = (list ?? {}) as Readonly<Record<string, string>>;
    for (const key in values) {
      if (SECRET_NAME.test(key) && !isHarmless(values[key]!))
        yield { given: `${field(name, key)} is named like a secret`, remedy: REMEDY };
    }
  }
}
