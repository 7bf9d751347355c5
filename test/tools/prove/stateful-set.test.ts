import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a StatefulSet without its Service',
    it => {
      delete it['StatefulSet database'].spec.serviceName;
    },
    [
      'stateful-set: StatefulSet.database: spec.serviceName is not given; name its headless Service: it gives each pod its DNS name',
    ],
  ],
  [
    'a StatefulSet whose Service has an address',
    it => {
      it['Service database'].spec.clusterIP = undefined;
    },
    [
      'headless-service: StatefulSet.database: spec.serviceName is database, whose spec.clusterIP is not given; name a Service with clusterIP: None; clients may have one with an address beside it',
    ],
  ],
  [
    'data that goes with its StatefulSet',
    it => {
      it['StatefulSet database'].spec.persistentVolumeClaimRetentionPolicy.whenDeleted = 'Delete';
    },
    [
      'stateful-set: StatefulSet.database: spec.persistentVolumeClaimRetentionPolicy.whenDeleted is Delete; write Retain: data outlives its pod',
    ],
  ],
  [
    'a claim in short',
    it => {
      const claim = it['StatefulSet database'].spec.volumeClaimTemplates[0];
      delete claim.apiVersion;
      delete claim.kind;
      delete claim.spec.volumeMode;
      delete claim.spec.accessModes;
      delete claim.spec.resources;
    },
    [
      'stateful-set: StatefulSet.database: spec.volumeClaimTemplates[0] has no apiVersion; write v1',
      'stateful-set: StatefulSet.database: spec.volumeClaimTemplates[0] has no kind; write PersistentVolumeClaim',
      'stateful-set: StatefulSet.database: spec.volumeClaimTemplates[0].spec has no accessModes; write [ReadWriteOnce], or what its pods need',
      'stateful-set: StatefulSet.database: spec.volumeClaimTemplates[0].spec has no volumeMode; write Filesystem',
      'stateful-set: StatefulSet.database: spec.volumeClaimTemplates[0].spec.resources.requests has no storage; give one, e.g. 100Gi',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
