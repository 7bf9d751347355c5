import { expect, test } from 'vitest';
import { FleetLaws } from '../../../tools/prove/index.ts';
import { asText } from '../../../tools/render/finding.ts';
import type { Loose } from './good/parts.ts';
import { goodObjects, type Setting, unitOf } from './good-unit.ts';

const DNS = 'external-dns.alpha.kubernetes.io/';

/** An Ingress of a host, with annotations. */
function ingress(name: string, host: string, annotations: Record<string, string> = {}): Loose {
  const good = goodObjects().find(({ kind }) => kind === 'Ingress');
  good.metadata = { ...good.metadata, name, annotations };
  good.spec.rules[0].host = host;
  return good;
}

function findings(...units: [Loose[], Setting][]): string[] {
  const laws = new FleetLaws();
  for (const [objects, setting] of units) laws.see(unitOf(objects, setting));
  return laws.findings().map(asText);
}

const east: Setting = { cluster: 'us-east-1a', system: 'shop' };
const west: Setting = { cluster: 'us-west-2', system: 'shop' };
const till: Setting = { cluster: 'us-east-1a', system: 'till' };

test('the same unit in two clusters is no second owner', () => {
  const config = () => goodObjects().filter(({ kind }) => kind === 'ConfigMap');
  expect(findings([config(), east], [config(), west])).toEqual([]);
});

test('an object of two units of a cluster', () => {
  const config = () => goodObjects().filter(({ kind }) => kind === 'ConfigMap');
  expect(findings([config(), east], [config(), till])).toEqual([
    'us-east-1a: till/ConfigMap.api: ConfigMap shop/api is also made by shop; leave it to one of shop and till, or rename it [one-owner]',
  ]);
});

test('a host of two Ingresses of a cluster', () => {
  expect(findings([[ingress('a', 'x.example.com')], east], [[ingress('b', 'x.example.com')], till])).toEqual([
    'us-east-1a: till/Ingress.b: the host x.example.com is also claimed by shop/Ingress.a; give each its own host, or make one the master and the others minions (nginx.org/mergeable-ingress-type) [host-once]',
  ]);
});

test('a master and its minions are one claim', () => {
  const part = (name: string, type: string) =>
    ingress(name, 'x.example.com', { 'nginx.org/mergeable-ingress-type': type });
  expect(findings([[part('a', 'master'), part('b', 'minion'), part('c', 'minion')], east])).toEqual([]);
  expect(findings([[part('b', 'minion')], east])).toEqual([
    'us-east-1a: shop/Ingress.b: no master claims the host x.example.com of this minion; add an Ingress with nginx.org/mergeable-ingress-type: master for the host [host-once]',
  ]);
  expect(findings([[part('a', 'master')], east], [[part('b', 'minion')], till])).toEqual([
    'us-east-1a: till/Ingress.b: the host x.example.com is the shop unit’s; let shop route to it, or use a host of its own [host-once]',
  ]);
});

test('of two clusters one publishes a host', () => {
  const plain = () => [ingress('a', 'x.example.com')];
  expect(findings([plain(), east], [plain(), west])).toEqual([
    'us-west-2: shop/Ingress.a: the host x.example.com is also published by shop/Ingress.a in us-east-1a; keep one out of DNS (external-dns.alpha.kubernetes.io/controller: none), or give all one routing policy and a set-identifier each [host-once]',
  ]);
  const silent = (prefix: string) => [ingress('a', 'x.example.com', { [`${prefix}controller`]: 'none' })];
  expect(findings([plain(), east], [silent(DNS), west])).toEqual([]);
  expect(findings([silent('external-dns.kubernetes.io/'), east], [plain(), west])).toEqual([]);
  const spoken = () => [ingress('a', 'x.example.com', { [`${DNS}controller`]: 'dns-controller' })];
  expect(findings([spoken(), east], [plain(), west])).toHaveLength(1);
});

test('of the clusters of one region one publishes a host by latency', () => {
  const near = (region: string, identifier: string) => [
    ingress('a', 'x.example.com', { [`${DNS}aws-region`]: region, [`${DNS}set-identifier`]: identifier }),
  ];
  const second: Setting = { cluster: 'us-east-1b', system: 'shop' };
  expect(findings([near('us-east-1', 'a'), east], [near('us-west-2', 'b'), west])).toEqual([]);
  expect(
    findings([near('us-west-2', 'b'), west], [near('us-east-1', 'a'), east], [near('us-east-1', 'c'), second]),
  ).toEqual([
    'us-east-1b: shop/Ingress.a: the host x.example.com has a latency record for us-east-1 already, of shop/Ingress.a in us-east-1a; keep one out of DNS, or give all of them a weight (external-dns.alpha.kubernetes.io/aws-weight) and no region [host-once]',
  ]);
  const weighted = (identifier: string) => [
    ingress('a', 'x.example.com', { [`${DNS}aws-weight`]: '1', [`${DNS}set-identifier`]: identifier }),
  ];
  expect(findings([weighted('a'), east], [weighted('c'), second])).toEqual([]);
});

test('clusters under one routing policy publish a host together', () => {
  const by = (policy: string, identifier: string) => [
    ingress('a', 'x.example.com', { [`${DNS}aws-geolocation-${policy}`]: 'EU', [`${DNS}set-identifier`]: identifier }),
  ];
  expect(findings([by('continent-code', 'east'), east], [by('country-code', 'west'), west])).toEqual([]);
  expect(findings([by('continent-code', 'same'), east], [by('continent-code', 'same'), west])).toHaveLength(1);
});

test('two databases that write one archive', () => {
  const config = (name: string, place: string) => {
    const good = goodObjects().find(({ kind }) => kind === 'ConfigMap');
    good.metadata = { ...good.metadata, name, annotations: { 'drydock/holds': place } };
    return good;
  };
  const place = 's3://backups/us-east-1a/shop/database shop-database';
  expect(findings([[config('a', place)], east], [[config('b', `${place}2`)], west])).toEqual([]);
  expect(findings([[config('a', place)], east], [[config('b', place)], west])).toEqual([
    `us-west-2: shop/ConfigMap.b: it writes ${place}, which us-east-1a: shop/a writes too; give one of the two databases another name or another store [one-archive]`,
  ]);
});
