import { expect, test } from 'vitest';
import { broken, type Objects } from './broken.ts';
import type { Loose } from './good/parts.ts';

const spec = (it: Objects): Loose => it['ScaledObject worker'].spec;
/** Its triggers: cpu, prometheus, cron. */
const metadata = (it: Objects, trigger: number): Loose => spec(it).triggers[trigger].metadata;

test.each<[string, (it: Objects) => void, string[]]>([
  [
    'a range that is left to KEDA',
    it => {
      delete spec(it).minReplicaCount;
      delete spec(it).maxReplicaCount;
      const { hard } = it['ResourceQuota quota'].spec;
      Object.assign(hard, { 'limits.memory': '29Gi', 'requests.cpu': '12', 'requests.memory': '29Gi', pods: '112' });
      hard['limits.cpu'] = '113';
    },
    [
      'scaled-object: ScaledObject.worker: spec.minReplicaCount is not given; state it: the default is 0',
      'scaled-object: ScaledObject.worker: spec.maxReplicaCount is not given; state it: the default is 100',
      'quota-fits: ResourceQuota.quota: spec.hard.pods is 112, the workloads’ peak 113; raise it to at least 113',
    ],
  ],
  [
    'what rests and cannot be woken',
    it => {
      spec(it).minReplicaCount = 0;
      spec(it).triggers = [spec(it).triggers[0], { ...spec(it).triggers[0], type: 'memory' }];
    },
    [
      'scaled-object: ScaledObject.worker: spec.minReplicaCount is 0 with triggers of cpu and memory only; give at least 1: where no pod runs nothing is measured, and none is ever started',
    ],
  ],
  [
    'what rests and is woken by the clock or a queue',
    it => {
      spec(it).minReplicaCount = 0;
    },
    [],
  ],
  [
    'a usage without its kind',
    it => {
      delete spec(it).triggers[0].metricType;
    },
    [
      'scaled-object: ScaledObject.worker: spec.triggers[0].metricType is not given; write Utilization: a share of what is requested',
    ],
  ],
  [
    'a question to Prometheus that is not one',
    it => {
      spec(it).triggers[1].metadata = { ignoreNullValues: 'false' };
    },
    [
      'scaled-object: ScaledObject.worker: spec.triggers[1].metadata.serverAddress is not given; give it, as text',
      'scaled-object: ScaledObject.worker: spec.triggers[1].metadata.query is not given; give it, as text',
      'scaled-object: ScaledObject.worker: spec.triggers[1].metadata.threshold is not given; give it, as text',
    ],
  ],
  [
    'no answer that counts as none waiting',
    it => {
      delete metadata(it, 1).ignoreNullValues;
    },
    [
      "scaled-object: ScaledObject.worker: spec.triggers[1].metadata.ignoreNullValues is not given; write 'false': an empty answer would count as 0, and take the pods away",
    ],
  ],
  [
    'no answer that counts as none waiting, by word',
    it => {
      metadata(it, 1).ignoreNullValues = 'true';
    },
    [
      'scaled-object: ScaledObject.worker: spec.triggers[1].metadata.ignoreNullValues is "true"; write \'false\': an empty answer would count as 0, and take the pods away',
    ],
  ],
  [
    'a number where metadata is text',
    it => {
      metadata(it, 1).threshold = 1000;
    },
    ['schema: ScaledObject.worker: spec.triggers[1].metadata.threshold is 1000; give text'],
  ],
  [
    'no fallback',
    it => {
      delete spec(it).fallback;
    },
    [
      'scaled-object: ScaledObject.worker: spec.fallback is not given, and a trigger asks prometheus; write { failureThreshold: 3, replicas: …, behavior: currentReplicasIfHigher }: what cannot be asked must not scale',
    ],
  ],
  [
    'cpu alone needs no fallback, and has none',
    it => {
      spec(it).triggers = [spec(it).triggers[0]];
      delete spec(it).fallback;
    },
    [],
  ],
  [
    'a fallback that takes pods away',
    it => {
      spec(it).fallback = { failureThreshold: 0, replicas: 0 };
    },
    [
      'scaled-object: ScaledObject.worker: spec.fallback.replicas is 0; give at least 1',
      'scaled-object: ScaledObject.worker: spec.fallback.failureThreshold is 0; give at least 1',
      'scaled-object: ScaledObject.worker: spec.fallback.behavior is not given; write currentReplicasIfHigher: static would take pods away at the peak',
    ],
  ],
  [
    'the least fallback that there is',
    it => {
      Object.assign(spec(it).fallback, { failureThreshold: 1, replicas: 1 });
    },
    [],
  ],
  [
    'a clock without a place',
    it => {
      delete metadata(it, 2).timezone;
    },
    ['scaled-object: ScaledObject.worker: spec.triggers[2].metadata.timezone is not given; give it, as text'],
  ],
  [
    'a clock that asks for nothing',
    it => {
      delete metadata(it, 2).desiredReplicas;
    },
    ['scaled-object: ScaledObject.worker: spec.triggers[2].metadata.desiredReplicas is not given; give it, as text'],
  ],
  [
    'a time of no length',
    it => {
      metadata(it, 2).end = metadata(it, 2).start;
    },
    [
      'scaled-object: ScaledObject.worker: spec.triggers[2].metadata.start and end are both "0 9 * * 1-5"; give two: it adds pods in the time between them',
    ],
  ],
  [
    'times that cannot be read: KEDA takes no words',
    it => {
      metadata(it, 2).start = '@daily';
      metadata(it, 2).end = '0 24 * * 1-5';
    },
    [
      'scaled-object: ScaledObject.worker: spec.triggers[2].metadata.start is "@daily"; write minute, hour, day of the month, month and day of the week: 0 2 * * *',
      'scaled-object: ScaledObject.worker: spec.triggers[2].metadata.end is "0 24 * * 1-5", whose hour is 24, not 0 to 23; write minute, hour, day of the month, month and day of the week: 0 2 * * *',
    ],
  ],
  [
    'a clock of nowhere',
    it => {
      metadata(it, 2).timezone = 'Mars/Olympus';
    },
    [
      'scaled-object: ScaledObject.worker: spec.triggers[2].metadata.timezone is "Mars/Olympus"; write an IANA name, such as Europe/Berlin',
    ],
  ],
  [
    'a clock that would take pods away',
    it => {
      metadata(it, 2).desiredReplicas = '0';
    },
    [
      'scaled-object: ScaledObject.worker: spec.triggers[2].metadata.desiredReplicas is "0"; write a whole number from 1: a trigger adds pods and takes none away, minReplicaCount does',
    ],
  ],
  [
    'a clock that asks for more than there may be',
    it => {
      metadata(it, 2).desiredReplicas = '10';
    },
    [
      'scaled-object: ScaledObject.worker: spec.triggers[2].metadata.desiredReplicas is "10", the maximum 3; raise the maximum to at least 10',
    ],
  ],
  [
    'one pod is an outage, whoever scales',
    it => {
      spec(it).minReplicaCount = 1;
    },
    [
      'autoscaler: ScaledObject.worker: spec.minReplicaCount is 1 in tier production; give at least 2, or 0 for what may rest: one pod is an outage at every node that drains',
    ],
  ],
  [
    'a target and a range as any scaler’s',
    it => {
      spec(it).scaleTargetRef.name = 'web';
      spec(it).minReplicaCount = 5;
      it['Deployment worker'].spec.replicas = 2;
    },
    [
      'autoscaler: ScaledObject.worker: spec.scaleTargetRef.name is web, and namespace shop has no Deployment of that name; name the workload to scale',
      'autoscaler: ScaledObject.worker: spec.minReplicaCount is 5, the maximum 3; raise the maximum to at least 5',
    ],
  ],
])('%s', (_, change, findings) => {
  expect(broken(change)).toEqual(findings);
});
