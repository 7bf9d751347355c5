import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';

/** The three grammars of kubernetes.io/docs/concepts/overview/working-with-objects/names. */
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const RFC_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

interface Grammar {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly remedy: string;
}

const subdomain = (longest: number): Grammar => ({
  pattern: SUBDOMAIN,
  longest,
  remedy: `use at most ${longest} small letters, digits, "-" and ".", with a letter or digit at both ends`,
});

const OTHERS = subdomain(253);

/** What is stricter than the rest, and why. */
const STRICTER: ReadonlyMap<string, Grammar> = new Map([
  [
    'v1/Namespace',
    {
      pattern: LABEL,
      longest: 63,
      remedy: 'use at most 63 small letters, digits and "-", with a letter or digit at both ends',
    },
  ],
  [
    'v1/Service',
    {
      pattern: RFC_1035,
      longest: 63,
      remedy: 'begin with a small letter, then at most 62 small letters, digits and "-": it is a DNS name',
    },
  ],
  // Its Jobs append eleven characters, and a Job's name is a label of its pods (63).
  ['batch/v1/CronJob', subdomain(52)],
  ['batch/v1/Job', subdomain(63)],
  // Its pods carry `<name>-<hash>`, eleven characters more, as the label controller-revision-hash (63).
  ['apps/v1/StatefulSet', subdomain(52)],
  // Its HPA asks KEDA for its metrics by a label that holds the name (63, and KEDA cuts off the rest).
  ['keda.sh/v1alpha1/ScaledObject', subdomain(63)],
]);

/** RBAC takes any path segment: names such as `system:node` hold colons. */
const FREE = 'rbac.authorization.k8s.io/';

export const names: ObjectRule = {
  name: 'names',
  demands:
    'A name fits its kind: a DNS subdomain of 253 characters; 63 for namespaces, Services, Jobs and ScaledObjects; 52 for CronJobs and StatefulSets, whose children append to it.',
  except: 'RBAC objects, whose names may hold colons and capitals.',
  check(manifest: Manifest): readonly Problem[] {
    const found: Problem[] = [];
    const { name, namespace } = manifest.metadata;
    const kind = kindOf(manifest);
    const { pattern, longest, remedy } = STRICTER.get(kind) ?? OTHERS;
    if (kind.startsWith(FREE)) {
      if (/[/%]/.test(name)) found.push({ given: `metadata.name is "${name}"`, remedy: 'leave out "/" and "%"' });
    } else if (name.length > longest) {
      found.push({ given: `metadata.name "${name}" has ${name.length} characters`, remedy });
    } else if (!pattern.test(name)) {
      found.push({ given: `metadata.name is "${name}"`, remedy });
    }
    if (namespace !== undefined && !isNamespace(namespace)) {
      found.push({ given: `metadata.namespace is "${namespace}"`, remedy: STRICTER.get('v1/Namespace')!.remedy });
    }
    return found;
  },
};

/** A fleet has thousands of objects and a few namespaces. */
const goodNamespaces = new Set<string>();

function isNamespace(name: string): boolean {
  if (goodNamespaces.has(name)) return true;
  const good = name.length <= 63 && LABEL.test(name);
  if (good) goodNamespaces.add(name);
  return good;
}
