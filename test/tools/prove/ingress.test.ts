import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a snippet',
    it => {
      it['Ingress api'].metadata.annotations['nginx.org/server-snippets'] = 'return 200;';
    },
    [
      'ingress: Ingress.api: metadata.annotations["nginx.org/server-snippets"] is given; use an annotation or a Policy: a snippet reaches every host of the controller',
    ],
  ],
  [
    'an Ingress of no class',
    it => {
      delete it['Ingress api'].spec.ingressClassName;
    },
    ['ingress: Ingress.api: spec.ingressClassName is not given; name the cluster’s class'],
  ],
  [
    'an Ingress for all hosts',
    it => {
      delete it['Ingress api'].spec.rules[0].host;
    },
    ['ingress: Ingress.api: spec.rules[0].host is not given; name one: without it the rule takes every host'],
  ],
  [
    'a wildcard',
    it => {
      it['Ingress api'].spec.rules[0].host = it['Ingress api'].spec.tls[0].hosts[0] = '*.example.com';
    },
    [
      'ingress: Ingress.api: spec.rules[0].host is "*.example.com"; name each host: a wildcard takes what others may claim',
    ],
  ],
  [
    'a host without certificate',
    it => {
      it['Ingress api'].spec.tls = [];
    },
    ['ingress: Ingress.api: spec.tls covers no api.example.com; add it to spec.tls[].hosts, with a secretName'],
  ],
  [
    'a certificate without Secret',
    it => {
      delete it['Ingress api'].spec.tls[0].secretName;
    },
    ['ingress: Ingress.api: spec.tls[0] has no secretName; name the Secret of the certificate'],
  ],
  [
    'a backend for everything',
    it => {
      it['Ingress api'].spec.defaultBackend = { service: { name: 'api', port: { name: 'http' } } };
    },
    ['ingress: Ingress.api: spec.defaultBackend takes every host; write a rule with a host'],
  ],
  [
    'no rule at all',
    it => {
      it['Ingress api'].spec.rules = [];
    },
    ['ingress: Ingress.api: spec.rules is empty; write a rule with a host'],
  ],
  [
    'a minion with a certificate',
    it => {
      it['Ingress api'].metadata.annotations['nginx.org/mergeable-ingress-type'] = 'minion';
    },
    ['ingress: Ingress.api: spec.tls[0] in a minion; move it to the master: the controller ignores it here'],
  ],
  [
    'an Ingress to no Service',
    it => {
      it['Ingress api'].spec.rules[0].http.paths[0].backend.service.name = 'apl';
    },
    [
      'ingress-finds-service: Ingress.api: spec.rules[0].http.paths[0].backend.service.name is apl, which namespace shop has not; name a Service of the same namespace',
    ],
  ],
  [
    'an Ingress to no port',
    it => {
      it['Ingress api'].spec.rules[0].http.paths[0].backend.service.port = { number: 8000 };
    },
    [
      'ingress-finds-service: Ingress.api: spec.rules[0].http.paths[0].backend.service.port is 8000, which Service api has not; name one of its ports: http (80)',
    ],
  ],
  [
    'a wildcard certificate covers the host',
    it => {
      it['Ingress api'].spec.tls[0].hosts = ['*.example.com'];
    },
    [],
  ],
  [
    'a wildcard certificate of another zone',
    it => {
      it['Ingress api'].spec.tls[0].hosts = ['*.com'];
    },
    ['ingress: Ingress.api: spec.tls covers no api.example.com; add it to spec.tls[].hosts, with a secretName'],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
