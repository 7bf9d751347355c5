import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { field } from './field.ts';
import { podOf } from './pods.ts';
import { CONFIG_MAP } from './references.ts';
import { hasPasswordInAddress, isSecret, PRIVATE_KEY, secretFlags, secretsIn } from './secret-text.ts';
import { POD_KINDS } from './workload-kinds.ts';

const REMEDY = "take it from the store with secret('…'); what is no secret gets a name that does not sound like one";

export const env: ObjectRule = {
  name: 'env',
  demands:
    'No variable that is named like a secret holds a literal value, and no other one a value that looks like a secret; no key of a ConfigMap is named like one.',
  except:
    'secretKeyRef is allowed on purpose: the systems read variables. `$(OTHER)` refers and holds nothing; a number, a switch such as true or off, and an absolute path give nothing away. A key that is public, or that databases and queues call one (PRIMARY_KEY, ROUTING_KEY), is no secret.',
  kinds: [...POD_KINDS, CONFIG_MAP],
  *check(manifest: Manifest): Iterable<Problem> {
    if (kindOf(manifest) === CONFIG_MAP) return yield* configMap(manifest);
    for (const { at, container } of podOf(manifest)!.containers) {
      for (const [index, { name, value }] of (container.env ?? []).entries()) {
        if (!value) continue;
        if (isSecret(name, value)) yield { given: `${at}.env[${index}] ${name} holds a literal value`, remedy: REMEDY };
        else if (hasPasswordInAddress(value))
          yield {
            given: `${at}.env[${index}] ${name} holds an address with a password`,
            remedy: 'write $(PASSWORD) in its place and take that from the store',
          };
        else
          for (const what of looksLike(value))
            yield {
              given: `${at}.env[${index}] ${name} holds ${what}`,
              remedy: "take it from the store with secret('…'); where it is a part of the value, write $(NAME) for it",
            };
      }
    }
  },
};

function* looksLike(value: string): Iterable<string> {
  if (value.includes(PRIVATE_KEY)) yield 'a private key';
  yield* secretsIn(value);
  // JAVA_OPTS and its like hold a command line.
  for (const { name } of secretFlags([value])) yield `a literal ${name}`;
}

function* configMap({ data, binaryData }: Manifest): Iterable<Problem> {
  for (const [name, list] of Object.entries({ data, binaryData })) {
    const values = (list ?? {}) as Readonly<Record<string, string>>;
    for (const key in values) {
      if (isSecret(key, values[key]!)) yield { given: `${field(name, key)} is named like a secret`, remedy: REMEDY };
    }
  }
}
