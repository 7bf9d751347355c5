import { byTier, type Site } from '../../../charts/index.ts';
import type { Channels, Receiver } from './config.ts';
import { fileOf, inserted, type SecretName } from './secrets.ts';

/** Where the company's own ends of the webhooks listen, and from whom mail comes. Yours to change. */
const TICKETS = 'https://tickets.example.com/alertmanager';
const AUTOMATION = 'https://automation.example.com/alertmanager';
export const MAIL = { smarthost: 'smtp.example.com:587', from: 'alertmanager@example.com', domain: 'example.com' };

const RESOLVED = { send_resolved: true };

/**
 * Who hears a severity. Its meaning is the same everywhere, and so are the routes; the ways to reach people differ: P1 wakes
 * somebody only where customers are, since a person who was woken for a test environment sleeps through the next page.
 */
export function receivers(site: Site): Receiver[] {
  const slack = byTier(site, {
    development: '#alerts-development',
    staging: '#alerts-staging',
    production: '#alerts',
  });
  const chat = { slack_configs: [{ channel: slack, api_url_file: fileOf('slack-url'), ...RESOLVED }] };
  const log = { slack_configs: [{ channel: `${slack}-daily`, api_url_file: fileOf('slack-daily-url'), ...RESOLVED }] };
  return [
    { name: 'default', ...chat },
    { name: 'watchdog', webhook_configs: [{ url: inserted('watchdog'), send_resolved: false }] },
    { name: 'automation', ...webhook(AUTOMATION, 'automation-token', false) },
    { name: 'p1', ...byTier(site, { development: {}, staging: {}, production: woken(site) }), ...chat },
    { name: 'p2', ...chat },
    // The ticket is the work, the channel the log that is read each morning.
    { name: 'p3', ...webhook(TICKETS, 'tickets-token', true), ...log },
    { name: 'null' },
  ];
}

/** PagerDuty calls whoever is on duty; text messages and mail go out beside it, in case it is PagerDuty that is down. */
function woken({ account, region, name }: Site): Channels {
  return {
    pagerduty_configs: [
      {
        routing_key_file: fileOf('pagerduty-key'),
        severity: 'critical',
        links: [
          { href: '{{ .CommonAnnotations.runbook_url }}', text: 'Runbook' },
          { href: '{{ .CommonAnnotations.dashboard_url }}', text: 'Dashboard' },
        ],
        ...RESOLVED,
      },
    ],
    ...(account && {
      // Text messages to those who subscribed to the topic; allowed by the role of Alertmanager's account.
      sns_configs: [{ topic_arn: `arn:aws:sns:${region}:${account}:${name}-p1`, sigv4: { region }, ...RESOLVED }],
    }),
    email_configs: [{ to: `{{ or .CommonLabels.team "platform" }}@${MAIL.domain}`, ...RESOLVED }],
  };
}

function webhook(url: string, token: SecretName, resolved: boolean): Channels {
  const http_config = { authorization: { credentials_file: fileOf(token) } };
  return { webhook_configs: [{ url, http_config, send_resolved: resolved }] };
}
