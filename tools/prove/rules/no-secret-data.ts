import type { Secret } from '../../../imports/kubernetes.ts';
import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { Cluster, ObjectRule, Problem } from '../rule.ts';
import { field } from './field.ts';
import { podOf } from './pods.ts';
import { CONFIG_MAP, SECRET } from './references.ts';
import { PRIVATE_KEY, secretFlags, secretsIn } from './secret-text.ts';
import { POD_KINDS } from './workload-kinds.ts';

const STORES = ['external-secrets.io/v1/SecretStore', 'external-secrets.io/v1/ClusterSecretStore'];

const REMEDY = "put it into the store and refer to it with secret('…')";

export const noSecretData: ObjectRule = {
  name: 'no-secret-data',
  demands:
    'No secret stands in the repository: no Secret with data, no private key or password in the text of a ConfigMap, in a command or an argument, no store of made-up values.',
  except:
    'Made-up values are fine in tier development, where nothing is worth keeping. References, numbers and paths hold no secret.',
  kinds: [SECRET, CONFIG_MAP, ...STORES, ...POD_KINDS],
  check(manifest: Manifest, { tier }: Cluster): Iterable<Problem> {
    const kind = kindOf(manifest);
    if (kind === SECRET) return data(manifest as unknown as Secret);
    if (kind === CONFIG_MAP) return texts(manifest.data as Readonly<Record<string, string>> | undefined);
    if (STORES.includes(kind)) return tier === 'development' ? [] : madeUp(manifest, tier);
    return commands(manifest);
  },
};

function* data({ data, stringData }: Secret): Iterable<Problem> {
  for (const [name, list] of Object.entries({ data, stringData })) {
    for (const key in list) yield { given: `${field(name, key)} holds a value`, remedy: REMEDY };
  }
}

function* texts(data: Readonly<Record<string, string>> | undefined): Iterable<Problem> {
  for (const key in data) {
    const text = data[key]!;
    if (text.includes(PRIVATE_KEY)) yield { given: `${field('data', key)} holds a private key`, remedy: REMEDY };
    for (const what of secretsIn(text))
      yield {
        given: `${field('data', key)} holds ${what}`,
        remedy: "let the program read it from a variable or a file of its own, and fill that with secret('…')",
      };
  }
}

/** Anybody who may list pods reads their command lines. */
function* commands(manifest: Manifest): Iterable<Problem> {
  for (const { at, container } of podOf(manifest)!.containers) {
    for (const list of ['command', 'args'] as const) {
      const given = container[list] ?? [];
      const remedy = "write $(NAME) in its place and give that variable secret('…')";
      for (const { index, name } of secretFlags(given))
        yield { given: `${at}.${list}[${index}] holds a literal ${name}`, remedy };
      for (const [index, text] of given.entries()) {
        for (const what of secretsIn(text)) yield { given: `${at}.${list}[${index}] holds ${what}`, remedy };
      }
    }
  }
}

function* madeUp({ spec }: Manifest, tier: string): Iterable<Problem> {
  const { provider } = spec as { provider?: { fake?: object } };
  if (provider?.fake) yield { given: `spec.provider.fake in tier ${tier}`, remedy: 'use the cluster’s real store' };
}
