import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from '../../imports/kubernetes.ts';

/**
 * The horizontal pod autoscaler's arithmetic, as Kubernetes documents it (kubernetes.io/docs/concepts/workloads/autoscaling,
 * "Algorithm details", "Configurable scaling behavior") and pkg/controller/podautoscaler computes it: one look every 15 seconds;
 * of several metrics the one that wants the most; a tolerance of a tenth; the stabilisation window's lowest wish on the way up
 * and highest on the way down; and no policy exceeded within its period.
 */
const LOOK_SECONDS = 15;
const TOLERANCE = 0.1;

/** What the controller takes where a behaviour says nothing. */
const UP: HPAScalingRules = {
  policies: [
    { type: 'Percent', value: 100, periodSeconds: 15 },
    { type: 'Pods', value: 4, periodSeconds: 15 },
  ],
  selectPolicy: 'Max',
  stabilizationWindowSeconds: 0,
};
const DOWN: HPAScalingRules = {
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
  selectPolicy: 'Max',
  stabilizationWindowSeconds: 300,
};

export interface Scaling {
  readonly min: number;
  readonly max: number;
  readonly behavior?: HorizontalPodAutoscalerBehavior;
}

/** A metric: what one pod is to have of it, and what there is of it in all, at a second. */
export interface Metric {
  readonly target: number;
  total(second: number): number;
}

/** The number of pods at each look, from `min` on, for a span of seconds. Pods count as soon as they are asked for. */
export function simulate(
  scaling: Scaling,
  metrics: readonly Metric[],
  seconds: number,
): { second: number; pods: number }[] {
  const up = { ...UP, ...scaling.behavior?.scaleUp };
  const down = { ...DOWN, ...scaling.behavior?.scaleDown };
  const wishes: { second: number; pods: number }[] = [];
  const taken: { second: number; change: number }[] = [];
  const days: { second: number; pods: number }[] = [];
  let pods = scaling.min;
  for (let second = 0; second <= seconds; second += LOOK_SECONDS) {
    const wish = Math.max(...metrics.map(metric => wanted(pods, metric, second)));
    wishes.push({ second, pods: wish });
    // The window is open at its far end, and this look always counts.
    const since = (window = 0) => [
      wish,
      ...wishes.filter(each => each.second > second - window).map(each => each.pods),
    ];
    const lowest = Math.min(...since(up.stabilizationWindowSeconds));
    const highest = Math.max(...since(down.stabilizationWindowSeconds));
    const stable = pods < lowest ? lowest : pods > highest ? highest : pods;
    const bounded = Math.min(scaling.max, Math.max(scaling.min, stable));
    const next =
      bounded > pods
        ? Math.min(bounded, limit(up, pods, second, taken, 1))
        : Math.max(bounded, limit(down, pods, second, taken, -1));
    if (next !== pods) taken.push({ second, change: next - pods });
    pods = next;
    days.push({ second, pods });
  }
  return days;
}

function wanted(pods: number, { target, total }: Metric, second: number): number {
  const ratio = total(second) / (pods * target);
  return Math.abs(ratio - 1) <= TOLERANCE ? pods : Math.ceil(ratio * pods);
}

/** The furthest that the policies of one direction allow. */
function limit(
  { policies = [], selectPolicy }: HPAScalingRules,
  pods: number,
  second: number,
  taken: readonly { second: number; change: number }[],
  sign: 1 | -1,
): number {
  const limits = policies.map(({ type, value, periodSeconds }) => {
    // Both directions: what went down within the period was there at its start.
    const moved = taken
      .filter(each => each.second > second - periodSeconds)
      .reduce((sum, { change }) => sum + change, 0);
    const start = pods - moved;
    if (type === 'Pods') return start + sign * value;
    return sign === 1 ? Math.ceil(start * (1 + value / 100)) : Math.trunc(start * (1 - value / 100));
  });
  const furthest = sign === 1 ? Math.max(...limits) : Math.min(...limits);
  const nearest = sign === 1 ? Math.min(...limits) : Math.max(...limits);
  return selectPolicy === 'Min' ? nearest : furthest;
}
