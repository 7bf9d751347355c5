import type { DeploymentSpec, LabelSelector } from '../../../imports/kubernetes.ts';
import { kindOf, type Manifest } from '../../render/manifest.ts';
import type { Cluster, ObjectRule, Problem } from '../rule.ts';
import { podOf } from './pods.ts';
import { asText, isEmpty, matches } from './selector.ts';
import { share } from './share.ts';
import { LONG_RUNNING } from './workload-kinds.ts';

/** Labels that a release changes; a selector is immutable. */
const OF_A_RELEASE = ['app.kubernetes.io/version', 'version', 'helm.sh/chart'];

export const rollout: ObjectRule = {
  name: 'rollout',
  demands:
    'A Deployment rolls pod by pod and says how, with two replicas at least in production; a selector matches its own template and names no version.',
  except:
    'One replica is fine in development and staging, and 0 anywhere: switched off on purpose, as what needs the primary database is where there is none. Where an autoscaler decides, `autoscaler` judges the number.',
  kinds: LONG_RUNNING,
  *check(manifest: Manifest, { tier }: Cluster): Iterable<Problem> {
    const { selector = {}, replicas } = manifest.spec as { selector?: LabelSelector; replicas?: number };
    yield* selection(selector, podOf(manifest)!.labels);
    if (kindOf(manifest) !== 'apps/v1/Deployment') return;
    if (tier === 'production' && replicas === 1) {
      yield {
        given: 'spec.replicas is 1 in tier production',
        remedy: 'give at least 2: one pod is an outage at every node that drains',
      };
    }
    yield* strategy(manifest.spec as DeploymentSpec);
  },
};

function* selection(selector: LabelSelector, labels: Readonly<Record<string, string>>): Iterable<Problem> {
  if (isEmpty(selector))
    yield { given: 'spec.selector is empty', remedy: 'select the pods by app.kubernetes.io/instance' };
  else if (!matches(selector, labels))
    yield {
      given: `spec.selector ${asText(selector)} does not match spec.template.metadata.labels`,
      remedy: 'give the template the labels that the selector asks for',
    };
  for (const key of OF_A_RELEASE) {
    if (selector.matchLabels?.[key] !== undefined)
      yield {
        given: `spec.selector names ${key}`,
        remedy: 'leave it out: it changes with each release, and a selector cannot',
      };
  }
}

function* strategy({ strategy = {} }: DeploymentSpec): Iterable<Problem> {
  if (strategy.type !== 'RollingUpdate') {
    yield { given: `spec.strategy.type is ${strategy.type ?? 'not given'}`, remedy: 'write RollingUpdate' };
    return;
  }
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate ?? {};
  if (maxUnavailable === undefined) {
    yield {
      given: 'spec.strategy.rollingUpdate.maxUnavailable is not given',
      remedy: 'write 0: the default takes a quarter of the pods away',
    };
    return;
  }
  if (share(maxUnavailable, 100, Math.floor) === 0 && share(maxSurge ?? 1, 100, Math.ceil) === 0) {
    yield {
      given: 'spec.strategy.rollingUpdate has 0 for maxSurge and maxUnavailable',
      remedy: 'give maxSurge at least 1: no pod could be replaced',
    };
  }
}
