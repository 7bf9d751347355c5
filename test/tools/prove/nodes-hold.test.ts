import { expect, test } from 'vitest';
import { FleetLaws } from '../../../tools/prove/index.ts';
import type { NodePool } from '../../../tools/prove/rule.ts';
import { asText } from '../../../tools/render/finding.ts';
import { switchOff } from './broken.ts';
import type { Loose } from './good/parts.ts';
import { goodObjects, type Setting, unitOf } from './good-unit.ts';

/** All pods of the good unit at their peak: 16 of 100m and 256Mi, 4 of them on spot nodes or any other. */
const pool = (size: Partial<NodePool> = {}): NodePool => ({
  name: 'general',
  maxNodes: 4,
  cores: 0.4,
  memoryGibibytes: 1,
  spot: false,
  ...size,
});

function findings(nodePools: readonly NodePool[] | undefined, change: (objects: Loose[]) => void = () => {}): string[] {
  const objects = goodObjects();
  change(objects);
  return told([objects, { nodePools }]);
}

function told(...units: [Loose[], Setting][]): string[] {
  const laws = new FleetLaws();
  for (const [objects, setting] of units) laws.see(unitOf(objects, setting));
  return laws.findings().map(asText);
}

test('nodes that hold it just so, and nodes that nobody stated', () => {
  expect(findings([pool()])).toEqual([]);
  expect(findings(undefined)).toEqual([]);
});

test('one node too few', () => {
  expect(findings([pool({ maxNodes: 3 })])).toEqual([
    'us-east-1a: shop/Deployment.api: the peak of all units is 1.6 cores, 0.8 cores of it here, and the nodes have 1.2 cores at most; lower its maximum, or raise maxNodes in clusters/us-east-1a.ts [nodes-hold]',
    'us-east-1a: shop/Deployment.api: the peak of all units is 4Gi, 2Gi of it here, and the nodes have 3Gi at most; lower its maximum, or raise maxNodes in clusters/us-east-1a.ts [nodes-hold]',
  ]);
});

test('spot nodes hold what tolerates them', () => {
  const spot = pool({ name: 'spot', spot: true });
  expect(findings([pool({ maxNodes: 3 }), { ...spot, maxNodes: 1 }])).toEqual([]);
  expect(findings([pool({ maxNodes: 2 }), spot])).toEqual([
    expect.stringContaining(
      'the peak of what does not tolerate spot is 1.2 cores, 0.8 cores of it here, and the nodes for it have 0.8 cores at most',
    ),
    expect.stringContaining('the peak of what does not tolerate spot is 3Gi, 2Gi of it here'),
  ]);
});

test('a hair too little is too little', () => {
  expect(findings([pool({ cores: 0.3999 })])).toEqual([
    expect.stringContaining(
      'the peak of all units is 1.6 cores, 0.8 cores of it here, and the nodes have 1.6 cores at most',
    ),
  ]);
});

test('what a failover switches on needs its nodes before', () => {
  const off = (podsWhenPrimary?: number) => (objects: Loose[]) => {
    const it = Object.fromEntries(objects.map(each => [`${each.kind} ${each.metadata.name}`, each]));
    switchOff(it, podsWhenPrimary);
    objects.splice(0, objects.length, ...Object.values(it));
  };
  expect(findings([pool({ maxNodes: 3 })], off())).toEqual([]);
  expect(findings([pool({ maxNodes: 3 })], off(2))).toEqual([
    expect.stringContaining(
      'the peak of all units is 1.5 cores, 0.8 cores of it here, and the nodes have 1.2 cores at most',
    ),
    expect.stringContaining('the peak of all units is 3840Mi, 2Gi of it here, and the nodes have 3Gi at most'),
  ]);
});

test('a pod greater than any node', () => {
  const grow = (objects: Loose[]) => {
    const { containers } = objects.find(({ kind }) => kind === 'StatefulSet').spec.template.spec;
    containers[0].resources.requests.cpu = '6';
  };
  const pools = [pool({ maxNodes: 9, cores: 4, memoryGibibytes: 8 }), pool({ name: 'spot', spot: true, cores: 64 })];
  expect(findings(pools, grow)).toEqual([
    'us-east-1a: shop/StatefulSet.database: one pod requests 6 cores and 256Mi, more than a node that it may stand on: general (4 cores, 8Gi); lower what it requests, or give clusters/us-east-1a.ts larger nodes [nodes-hold]',
  ]);
});

test('a pod that takes a node to itself', () => {
  const grow = (objects: Loose[]) => {
    const { containers } = objects.find(({ kind }) => kind === 'StatefulSet').spec.template.spec;
    containers[0].resources.requests = { cpu: '4', memory: '8Gi' };
  };
  expect(findings([pool({ maxNodes: 9, cores: 4, memoryGibibytes: 8 })], grow)).toEqual([]);
});

test('units of a cluster are added up, clusters are not', () => {
  const nodePools = [pool({ maxNodes: 6 })];
  const east: Setting = { nodePools };
  expect(told([goodObjects(), east], [goodObjects(), { nodePools, cluster: 'us-west-2' }])).toEqual([
    expect.stringContaining('[host-once]'),
  ]);
  const both = told([goodObjects(), east], [goodObjects(), { ...east, system: 'till' }]);
  expect(both.filter(text => text.includes('nodes-hold'))).toHaveLength(2);
});
