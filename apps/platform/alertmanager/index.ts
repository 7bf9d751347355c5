import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { Site, System } from '../../../charts/index.ts';
import { monitoringSecret } from '../monitoring-secret.ts';
import { MAIL, receivers } from './channels.ts';
import type { Config } from './config.ts';
import { INHIBITION } from './inhibition.ts';
import { ROUTES, WEEKEND } from './routes.ts';
import {
  ALERTMANAGER_SECRET,
  askedFor,
  FOLDER,
  fileOf,
  rawThroughExternalSecrets,
  SECRETS,
  throughExternalSecrets,
} from './secrets.ts';

const MESSAGES = 'messages.tmpl';
const messages = readFileSync(new URL(MESSAGES, import.meta.url), 'utf8');

/**
 * Who is told of which alert: the Secret that Alertmanager reads. Its text stands here without a secret; External Secrets
 * puts them beside it, as files, and the operator mounts all of them.
 */
export function alertmanager(platform: System): void {
  const { site } = platform;
  const text = stringify(config(site), { aliasDuplicateObjects: false, lineWidth: 0 });
  monitoringSecret(platform, ALERTMANAGER_SECRET, {
    secrets: askedFor(text).map(name => ({
      key: name,
      // Clusters of one region share a store, and each has to be missed by itself.
      path: name === 'watchdog' ? `${SECRETS[name]}/${site.name}` : SECRETS[name],
    })),
    // Refused at once: nobody listens on a laptop, and what is not sent is seen at Alertmanager's own page.
    madeUp: 'http://127.0.0.1:9',
    files: {
      'alertmanager.yaml': throughExternalSecrets(text),
      [MESSAGES]: rawThroughExternalSecrets(messages),
    },
  });
}

function config(site: Site): Config {
  const told = receivers(site);
  const mails = told.some(receiver => receiver.email_configs);
  return {
    global: {
      resolve_timeout: '5m',
      ...(mails && {
        smtp_smarthost: MAIL.smarthost,
        smtp_from: MAIL.from,
        smtp_auth_username: 'alertmanager',
        smtp_auth_password_file: fileOf('smtp-password'),
      }),
    },
    templates: [`${FOLDER}/${MESSAGES}`],
    route: ROUTES,
    inhibit_rules: INHIBITION,
    receivers: told,
    time_intervals: [WEEKEND],
  };
}
