import type { ObjectRule, UnitRule } from '../rule.ts';
import { alertCanFire } from './alert-can-fire.ts';
import { alertLabels } from './alert-labels.ts';
import { alertRoutes } from './alert-routes.ts';
import { argocd } from './argocd.ts';
import { autoscaler } from './autoscaler.ts';
import { backupsApart } from './backups-apart.ts';
import { cloudRole } from './cloud-role.ts';
import { clusterWide } from './cluster-wide.ts';
import { controllers } from './controllers.ts';
import { costLabels } from './cost-labels.ts';
import { dataKeys } from './data-keys.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { env } from './env.ts';
import { envReferences } from './env-references.ts';
import { headlessService } from './headless-service.ts';
import { images } from './images.ts';
import { ingress } from './ingress.ts';
import { ingressAnswers } from './ingress-answers.ts';
import { ingressFindsService } from './ingress-finds-service.ts';
import { jobs } from './jobs.ts';
import { keptLongEnough } from './kept-long-enough.ts';
import { labels } from './labels.ts';
import { limitRangeFits } from './limit-range-fits.ts';
import { metricExists } from './metric-exists.ts';
import { monitorFindsPort } from './monitor-finds-port.ts';
import { mounts } from './mounts.ts';
import { names } from './names.ts';
import { namespaceGuards } from './namespace-guards.ts';
import { networkClosed } from './network-closed.ts';
import { networkPolicy } from './network-policy.ts';
import { networkWired } from './network-wired.ts';
import { noSecretData } from './no-secret-data.ts';
import { oneSecretMaker } from './one-secret-maker.ts';
import { ownServiceAccount } from './own-service-account.ts';
import { podHardening } from './pod-hardening.ts';
import { podSecurity } from './pod-security.ts';
import { ports } from './ports.ts';
import { probes } from './probes.ts';
import { promql } from './promql.ts';
import { quantities } from './quantities.ts';
import { quotaFits } from './quota-fits.ts';
import { rbac } from './rbac.ts';
import { referencesExist } from './references-exist.ts';
import { resources } from './resources.ts';
import { rightsListed } from './rights-listed.ts';
import { rightsUsed } from './rights-used.ts';
import { rollout } from './rollout.ts';
import { rolloutKeepsOne } from './rollout-keeps-one.ts';
import { runbookExists } from './runbook-exists.ts';
import { scaledObject } from './scaled-object.ts';
import { scalingBehavior } from './scaling-behavior.ts';
import { schema } from './schema.ts';
import { selectorsDisjoint } from './selectors-disjoint.ts';
import { service } from './service.ts';
import { serviceFindsPods } from './service-finds-pods.ts';
import { shutdown } from './shutdown.ts';
import { spreadHolds } from './spread-holds.ts';
import { statefulSet } from './stateful-set.ts';
import { verticalAutoscaler } from './vertical-autoscaler.ts';
import { wiredAddresses } from './wired-addresses.ts';
import { wiredPorts } from './wired-ports.ts';

/** The laws of one object, in the order in which they are judged. */
export const objectRules: readonly ObjectRule[] = [
  schema,
  names,
  labels,
  costLabels,
  controllers,
  podSecurity,
  podHardening,
  resources,
  quantities,
  probes,
  ports,
  images,
  env,
  envReferences,
  mounts,
  dataKeys,
  noSecretData,
  shutdown,
  rollout,
  statefulSet,
  jobs,
  keptLongEnough,
  scaledObject,
  scalingBehavior,
  service,
  ingress,
  networkPolicy,
  cloudRole,
  alertRoutes,
  argocd,
  promql,
  alertLabels,
  runbookExists,
];

/** The laws of one unit. */
export const unitRules: readonly UnitRule[] = [
  clusterWide,
  namespaceGuards,
  networkClosed,
  networkWired,
  wiredPorts,
  wiredAddresses,
  serviceFindsPods,
  headlessService,
  ingressFindsService,
  ingressAnswers,
  referencesExist,
  oneSecretMaker,
  ownServiceAccount,
  rbac,
  rightsListed,
  rightsUsed,
  selectorsDisjoint,
  disruptionBudget,
  spreadHolds,
  autoscaler,
  verticalAutoscaler,
  rolloutKeepsOne,
  quotaFits,
  limitRangeFits,
  backupsApart,
  monitorFindsPort,
  metricExists,
  alertCanFire,
];
