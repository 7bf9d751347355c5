import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { field } from './field.ts';
import { kindOf } from './kind.ts';
import { POD_KINDS, podOf } from './pods.ts';

/** Names under which secrets stand: `secret` is what kube-linter's env-var-secret looks for, the rest is what other checkers add. */
const SECRET_NAME =
  /secret|passw|passphrase|pwd|token|jwt|bearer|credential|api[_.-]?key|private[_.-]?key|access[_.-]?key/i;

/** `postgres://app:hunter2@database`: a password inside an address; `$(PASSWORD)` in its place is a reference. */
const PASSWORD_IN_ADDRESS = /:\/\/[^/\s:@]*:(?!\$\()[^/\s@]+@/;

const REFERENCE = /^\$\(\w+\)$/;

const REMEDY = "take it from the store with secret('…'); what is no secret gets a name that does not sound like one";

export const env: ObjectRule = {
  name: 'env',
  demands:
    'No variable stands twice, and none that is named like a secret holds a literal value; neither does a key of a ConfigMap.',
  except: 'secretKeyRef is allowed on purpose: the systems read variables. `$(OTHER)` refers and holds nothing.',
  kinds: [...POD_KINDS, 'v1/ConfigMap'],
  *check(manifest: Manifest): Iterable<Problem> {
    if (kindOf(manifest) === 'v1/ConfigMap') return yield* configMap(manifest);
    for (const { at, container } of podOf(manifest)!.containers) {
      const names = new Set<string>();
      for (const [index, { name, value }] of (container.env ?? []).entries()) {
        if (names.has(name))
          yield { given: `${at}.env[${index}] is ${name} again`, remedy: 'keep one of them: the last wins in silence' };
        names.add(name);
        if (!value) continue;
        if (SECRET_NAME.test(name) && !REFERENCE.test(value))
          yield { given: `${at}.env[${index}] ${name} holds a literal value`, remedy: REMEDY };
        else if (value.includes('://') && PASSWORD_IN_ADDRESS.test(value))
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
    for (const key in list as object) {
      if (SECRET_NAME.test(key)) yield { given: `${field(name, key)} is named like a secret`, remedy: REMEDY };
    }
  }
}
