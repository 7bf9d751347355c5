import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { EXTERNAL_SECRET, type ExternalSecretSpec } from './custom.ts';
import { field } from './field.ts';
import { CONFIG_MAP } from './references.ts';

/** `IsConfigMapKey` of apimachinery: each key becomes a file, so none may lead out of its folder. */
const KEY = /^(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}$/;

export const dataKeys: ObjectRule = {
  name: 'data-keys',
  demands:
    'Keys of ConfigMaps, and those that an ExternalSecret writes into its Secret, are ones that the API server takes.',
  kinds: [CONFIG_MAP, EXTERNAL_SECRET],
  *check(manifest: Manifest): Iterable<Problem> {
    if (kindOf(manifest) === CONFIG_MAP) {
      const { data, binaryData } = manifest;
      for (const [name, list] of Object.entries({ data, binaryData })) {
        for (const key in list as object) if (!KEY.test(key)) yield bad(field(name, key));
      }
      return;
    }
    const { data = [], target } = manifest.spec as ExternalSecretSpec;
    for (const [index, { secretKey }] of data.entries()) {
      if (!KEY.test(secretKey)) yield bad(`spec.data[${index}].secretKey "${secretKey}"`);
    }
    for (const key in target?.template?.data) if (!KEY.test(key)) yield bad(field('spec.target.template.data', key));
  },
};

function bad(at: string): Problem {
  return {
    given: `${at} is no key that the API server takes`,
    remedy: 'use at most 253 letters, digits, "-", "_" and ".", without ".." in front',
  };
}
