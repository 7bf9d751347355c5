import { integer, maxValue, minValue, number, picklist, pipe, regex, string } from 'valibot';
import { secret, settings } from '../../charts/index.ts';

export const PORT = 8000;
export const METRICS_PORT = 9464;

/** Who signed in, who changed what: kept apart from what the service says otherwise. */
export const AUDIT_LOG = '/var/log/zapora/audit.log';

const LOG_CONFIG = '/etc/zapora/logging.json';

/** The settings of the API: a row each, what is allowed and what it is in each tier. */
export const apiSettings = settings('zapora/api', {
  PORT: { is: pipe(number(), integer(), minValue(1024), maxValue(65535)), value: PORT },
  METRICS_PORT: { is: pipe(number(), integer(), minValue(1024), maxValue(65535)), value: METRICS_PORT },
  LOG_LEVEL: {
    is: picklist(['debug', 'info', 'warning', 'error']),
    development: 'debug',
    staging: 'info',
    production: 'info',
  },
  LOG_CONFIG: { is: pipe(string(), regex(/^\//)), value: LOG_CONFIG },
  /** Processes that serve; one for each core a pod may use. */
  WEB_CONCURRENCY: {
    is: pipe(number(), integer(), minValue(1), maxValue(16)),
    development: 1,
    staging: 2,
    production: 2,
  },
  SIGNING_ALGORITHM: { is: picklist(['HS256']), value: 'HS256' },
  JWT_KEY: secret('jwt/hs256'),
  /** bcrypt's cost: a login takes about a quarter of a second at 12. */
  BCRYPT_ROUNDS: {
    is: pipe(number(), integer(), minValue(10), maxValue(15)),
    development: 10,
    staging: 12,
    production: 12,
  },
  SESSION_MINUTES: { is: pipe(number(), integer(), minValue(5), maxValue(1440)), value: 60 },
});

/** One JSON object a line, each with the id of the request it belongs to. */
export const logging = {
  [LOG_CONFIG]: `${JSON.stringify(
    {
      version: 1,
      formatters: {
        json: {
          '()': 'zapora.logging.JsonFormatter',
          fields: ['time', 'level', 'logger', 'message', 'correlation_id', 'trace_id', 'span_id'],
        },
      },
      handlers: {
        stdout: { class: 'logging.StreamHandler', formatter: 'json', stream: 'ext://sys.stdout' },
        audit: {
          class: 'logging.handlers.RotatingFileHandler',
          formatter: 'json',
          filename: AUDIT_LOG,
          maxBytes: 16 * 1024 * 1024,
          backupCount: 1,
        },
      },
      loggers: {
        'zapora.audit': { handlers: ['audit'], level: 'INFO', propagate: false },
        'uvicorn.access': { handlers: ['stdout'], level: 'INFO', propagate: false },
      },
      root: { handlers: ['stdout'], level: 'INFO' },
    },
    null,
    2,
  )}\n`,
};
