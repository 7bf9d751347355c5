import { boolean, integer, maxValue, minValue, number, picklist, pipe, string, url } from 'valibot';
import { external, release, type Site, secret, settings } from '../../charts/index.ts';

const stripe = external('Stripe', { hosts: ['api.stripe.com'] });
const sentry = external('Sentry', { hosts: ['o4505000000000000.ingest.us.sentry.io'] });

const whole = (min: number, max: number) => pipe(number(), integer(), minValue(min), maxValue(max));

/** Ports of every service: its own, and the one that Prometheus asks. */
export const PORT = 3000;
export const METRICS_PORT = 9464;

/** The queue of sales that terminals made while they were offline. */
const QUEUE = 'sync';

/** What every service of the system has. */
const common = {
  NODE_ENV: {
    is: picklist(['development', 'production']),
    development: 'development',
    staging: 'production',
    production: 'production',
  },
  PORT: { is: whole(1024, 65535), value: PORT },
  METRICS_PORT: { is: whole(1024, 65535), value: METRICS_PORT },
  LOG_LEVEL: {
    is: picklist(['debug', 'info', 'warn', 'error']),
    development: 'debug',
    staging: 'info',
    production: 'info',
  },
  LOG_FORMAT: { is: picklist(['json']), value: 'json' },
  /** The header that carries a request's id from service to service and into every line of its log. */
  CORRELATION_ID_HEADER: { is: string(), value: 'x-request-id' },
  SENTRY_DSN: sentry.secret('sentry/dsn'),
  SENTRY_ENVIRONMENT: { is: string(), development: 'development', staging: 'staging', production: 'production' },
  SENTRY_RELEASE: release(),
  /** The share of requests that are traced. */
  SENTRY_TRACES_SAMPLE_RATE: {
    is: pipe(number(), minValue(0), maxValue(1)),
    development: 1,
    staging: 0.5,
    production: 0.05,
  },
} as const;

export const apiSettings = settings('liquor-pos/api', {
  ...common,
  CORS_ORIGINS: {
    is: string(),
    value: site => `https://pos.liquor-pos.${site.domain},https://admin.liquor-pos.${site.domain}`,
  },
  SESSION_KEY: secret('session/signing'),
  SESSION_MINUTES: { is: whole(5, 1440), value: 480 },
  STRIPE_SECRET_KEY: stripe.secret('stripe/secret-key'),
  STRIPE_TIMEOUT_SECONDS: { is: whole(1, 60), value: 10 },
  SYNC_QUEUE: { is: string(), value: QUEUE },
  /** The caches: in the process the least recently used go first, Redis forgets by time and is written with the database. */
  CACHE_LOCAL_ENTRIES: { is: whole(0, 100_000), development: 500, staging: 5000, production: 10_000 },
  CACHE_LOCAL_SECONDS: { is: whole(1, 3600), value: 30 },
  CACHE_REDIS_SECONDS: { is: whole(1, 86_400), value: 300 },
  CACHE_WRITE_THROUGH: { is: boolean(), value: true },
});

export const syncSettings = settings('liquor-pos/sync-worker', {
  ...common,
  SYNC_QUEUE: { is: string(), value: QUEUE },
  SYNC_INTERVAL_SECONDS: { is: whole(10, 3600), value: 300 },
  SYNC_ATTEMPTS: { is: whole(1, 10), value: 3 },
  /** Where a sale goes that failed that often: a person looks at each. */
  SYNC_DEAD_LETTER_QUEUE: { is: string(), value: `${QUEUE}-dead` },
  SYNC_CONCURRENCY: { is: whole(1, 50), development: 1, staging: 2, production: 5 },
});

export const webhookSettings = settings('liquor-pos/webhooks', {
  ...common,
  WEBHOOK_SIGNING_SECRET: secret('webhooks/orders'),
  /** How old a signed call may be: older ones are replays. */
  WEBHOOK_TOLERANCE_SECONDS: { is: whole(30, 900), value: 300 },
  /** How long the id of a call is remembered, so that a second one with it does nothing. */
  IDEMPOTENCY_HOURS: { is: whole(1, 168), value: 48 },
  SYNC_QUEUE: { is: string(), value: QUEUE },
});

/** What the two front ends read from `/config.json`: public by nature. */
export const pageSettings = settings('liquor-pos/pages', {
  apiUrl: { is: pipe(string(), url()), value: site => `https://api.liquor-pos.${site.domain}` },
  environment: { is: string(), development: 'development', staging: 'staging', production: 'production' },
  /** How many sales a terminal keeps while it is offline. */
  offlineSales: { is: whole(10, 10_000), value: 1000 },
});

/** What a page may load and ask: itself, the API, Stripe's form and Sentry. */
export function pagePolicy({ domain }: Site): string {
  return [
    "default-src 'self'",
    `connect-src 'self' api.liquor-pos.${domain} api.stripe.com *.ingest.us.sentry.io`,
    "script-src 'self' js.stripe.com",
    'frame-src js.stripe.com',
    "frame-ancestors 'none'",
    "base-uri 'self'",
  ].join('; ');
}
