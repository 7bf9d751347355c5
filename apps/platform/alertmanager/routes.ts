import type { Route, TimeInterval } from './config.ts';

/** Nobody starts on a ticket at the weekend. In UTC. */
export const WEEKEND: TimeInterval = {
  name: 'weekend',
  time_intervals: [{ weekdays: ['saturday', 'sunday'] }],
};

/**
 * Alerts that a program may answer before a person does: by name, each with an action that is safe to do twice. A person is
 * told all the same.
 */
export const AUTOMATED: readonly string[] = ['CertificateRenewalOverdue', 'VolumeFullSoon'];

/**
 * The way of an alert by its severity, in our words and in those of the vendors' rules: `critical` is P1, `warning` P2,
 * `info` P3. What carries none is a mistake in a rule, and reaches people all the same.
 */
export const ROUTES: Route = {
  receiver: 'default',
  // With the service: a second one that fails the same way is a page of its own.
  group_by: ['cluster', 'namespace', 'service', 'alertname', 'slo'],
  group_wait: '30s',
  group_interval: '5m',
  repeat_interval: '12h',
  routes: [
    {
      // Always firing: whoever listens raises the alarm when it ends, since then nothing else comes through either.
      matchers: ['alertname="Watchdog"'],
      receiver: 'watchdog',
      group_by: ['alertname'],
      group_wait: '0s',
      group_interval: '1m',
      repeat_interval: '1m',
    },
    {
      matchers: [`alertname=~"${AUTOMATED.join('|')}"`, 'severity!="none"'],
      receiver: 'automation',
      continue: true,
    },
    {
      matchers: ['severity=~"P1|critical"'],
      receiver: 'p1',
      // Of the 15 minutes to recover, none is for waiting.
      group_wait: '10s',
      group_interval: '1m',
      repeat_interval: '1h',
    },
    { matchers: ['severity=~"P2|warning"'], receiver: 'p2', repeat_interval: '4h' },
    {
      matchers: ['severity=~"P3|info"'],
      receiver: 'p3',
      group_wait: '5m',
      group_interval: '1h',
      repeat_interval: '24h',
      mute_time_intervals: [WEEKEND.name],
    },
    { matchers: ['severity="none"'], receiver: 'null' },
  ],
};
