import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a label value with a space',
    it => {
      it['Service api'].metadata.labels.owner = 'team one';
    },
    [
      'labels: Service.api: metadata.labels.owner is "team one"; use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends',
    ],
  ],
  [
    'a label key without a name',
    it => {
      it['Service api'].metadata.labels['example.com/'] = 'x';
    },
    [
      'labels: Service.api: metadata.labels has the key "example.com/"; write [prefix/]name: a DNS name, then at most 63 letters, digits, "-", "_" and "."',
    ],
  ],
  [
    'a label value of 64 characters on pods',
    it => {
      it['Deployment api'].spec.template.metadata.labels.release = 'r'.repeat(64);
    },
    [
      'labels: Deployment.api: spec.template.metadata.labels.release is "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"; use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends',
    ],
  ],
  [
    'an annotation key with two slashes',
    it => {
      it['Service api'].metadata.annotations = { 'a/b/c': 'x' };
    },
    [
      'labels: Service.api: metadata.annotations has the key "a/b/c"; write [prefix/]name: a DNS name, then at most 63 letters, digits, "-", "_" and "."',
    ],
  ],
  [
    'annotations that no server takes',
    it => {
      it['Service api'].metadata.annotations = { note: 'x'.repeat(262_145) };
    },
    ['labels: Service.api: metadata.annotations holds 262149 bytes; move what is long into a ConfigMap'],
  ],
  [
    'annotations that are short in letters and long in bytes',
    it => {
      it['Service api'].metadata.annotations = { note: 'ü'.repeat(131_072) };
    },
    ['labels: Service.api: metadata.annotations holds 262148 bytes; move what is long into a ConfigMap'],
  ],
  [
    'an object nobody pays for',
    it => {
      delete it['Service api'].metadata.labels['cost-center'];
    },
    [
      'cost-labels: Service.api: metadata.labels has no cost-center; make the object in a System, which labels all below it',
    ],
  ],
  [
    'pods nobody pays for',
    it => {
      delete it['Deployment api'].spec.template.metadata.labels.owner;
    },
    [
      'cost-labels: Deployment.api: spec.template.metadata.labels has no owner; make the object in a System, which labels all below it',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
