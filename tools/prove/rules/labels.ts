import type { Manifest } from '../../render/manifest.ts';
import type { ObjectRule, Problem } from '../rule.ts';
import { field } from './field.ts';
import { podOf } from './pods.ts';
import type { Labels } from './selector.ts';

/** The grammar of kubernetes.io/docs/concepts/overview/working-with-objects/labels. */
const NAME = /^[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const VALUE = /^([A-Za-z0-9]([\w.-]*[A-Za-z0-9])?)?$/;

/** All annotations of one object together (`ValidateAnnotationsSize` of apimachinery). */
const MOST_ANNOTATIONS = 256 * 1024;

/** A fleet writes the same few keys and values thousands of times. */
const goodKeys = new Set<string>();
const goodValues = new Set<string>();

export const labels: ObjectRule = {
  name: 'labels',
  demands: 'Label keys and values and annotation keys are ones the API server takes; annotations stay below 256 KiB.',
  check(manifest: Manifest): readonly Problem[] {
    const { labels, annotations } = manifest.metadata;
    const found: Problem[] = [];
    judgeLabels(labels, 'metadata.labels', found);
    judgeAnnotations(annotations, 'metadata.annotations', found);
    const pod = podOf(manifest);
    if (pod !== undefined && pod.at !== '') {
      judgeLabels(pod.labels, `${pod.at}.metadata.labels`, found);
      judgeAnnotations(pod.annotations, `${pod.at}.metadata.annotations`, found);
    }
    return found;
  },
};

function judgeLabels(labels: Labels | undefined, at: string, found: Problem[]): void {
  for (const key in labels) {
    const value = labels[key]!;
    if (!isKey(key)) found.push(badKey(at, key));
    if (!isValue(value)) {
      found.push({
        given: `${field(at, key)} is "${value}"`,
        remedy: 'use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends',
      });
    }
  }
}

function judgeAnnotations(annotations: Labels | undefined, at: string, found: Problem[]): void {
  let size = 0;
  for (const key in annotations) {
    if (!isKey(key) && !isKey(key.toLowerCase())) found.push(badKey(at, key));
    size += key.length + annotations[key]!.length;
  }
  // A character takes at most three bytes of UTF-8 for each of its units here: counting them is for the few that come near.
  if (3 * size <= MOST_ANNOTATIONS) return;
  size = Buffer.byteLength(Object.entries(annotations!).flat().join(''));
  if (size > MOST_ANNOTATIONS)
    found.push({ given: `${at} holds ${size} bytes`, remedy: 'move what is long into a ConfigMap' });
}

function badKey(at: string, key: string): Problem {
  return {
    given: `${at} has the key "${key}"`,
    remedy: 'write [prefix/]name: a DNS name, then at most 63 letters, digits, "-", "_" and "."',
  };
}

function isKey(key: string): boolean {
  if (goodKeys.has(key)) return true;
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const good =
    name.length <= 63 && NAME.test(name) && (prefix === undefined || (prefix.length <= 253 && PREFIX.test(prefix)));
  if (good) goodKeys.add(key);
  return good;
}

function isValue(value: string): boolean {
  if (goodValues.has(value)) return true;
  const good = value.length <= 63 && VALUE.test(value);
  if (good) goodValues.add(value);
  return good;
}
