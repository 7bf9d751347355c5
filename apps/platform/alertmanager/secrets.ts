/** The Secret that the operator reads Alertmanager's configuration from. */
export const ALERTMANAGER_SECRET = 'alertmanager';

/** What Alertmanager reads from the cluster's store, and under which path it stands there. */
export const SECRETS = {
  'automation-token': 'alertmanager/automation-token',
  'pagerduty-key': 'alertmanager/pagerduty-key',
  'slack-daily-url': 'alertmanager/slack-daily-url',
  'slack-url': 'alertmanager/slack-url',
  'smtp-password': 'alertmanager/smtp-password',
  'tickets-token': 'alertmanager/tickets-token',
  watchdog: 'alertmanager/watchdog-url',
} as const;

export type SecretName = keyof typeof SECRETS;

/** Where the operator mounts the keys of Alertmanager's Secret (prometheus-operator, `AlertmanagerSpec.configSecret`). */
export const FOLDER = '/etc/alertmanager/config';

export function fileOf(name: SecretName): string {
  return `${FOLDER}/${name}`;
}

/** For what Alertmanager cannot read from a file, as 0.25 a webhook's address: External Secrets puts the value into the text. */
export function inserted(name: SecretName): string {
  return `{{ .${name} | trim }}`;
}

/**
 * External Secrets takes the text for a Go template of its own. Alertmanager's templates must come through it as they are;
 * only what `inserted` wrote is for it.
 */
export function throughExternalSecrets(text: string): string {
  return text.replaceAll(/\{\{(?! \.[a-z]+ \| trim \}\})/g, '{{ `{{` }}');
}

/** The same for a whole file, as one raw string, which stays readable; for a text without backticks. */
export function rawThroughExternalSecrets(text: string): string {
  return `{{ \`${text}\` }}`;
}

/** Of the secrets those that a text asks for. */
export function askedFor(text: string): SecretName[] {
  const names = Object.keys(SECRETS) as SecretName[];
  return names.filter(name => text.includes(fileOf(name)) || text.includes(inserted(name)));
}
