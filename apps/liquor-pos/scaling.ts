import { byTier, Duration, type Replicas, type Site } from '../../charts/index.ts';

/** Up soon and down late: at most double within five minutes, half within ten. */
export const COOLDOWN = { up: Duration.seconds(300), down: Duration.seconds(600) };

/** What answers requests: as many pods as its processors, its memory or its requests ask for. */
export function scaled(site: Site): Replicas {
  const targets = { targetCpuPercent: 70, targetMemoryPercent: 80, targetRequestsPerMinute: 1000, cooldown: COOLDOWN };
  return byTier(site, {
    development: 1,
    staging: { min: 2, max: 4, ...targets },
    production: { min: 2, max: 10, ...targets },
  });
}
