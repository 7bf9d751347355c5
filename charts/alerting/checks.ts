import { Duration } from 'cdk8s';
import { closed } from '../closed.ts';
import { type Alert, SEVERITIES, type Severity } from './alert.ts';

/** What an alert and its tuning both have. */
interface Values {
  readonly threshold?: number;
  readonly for?: Duration;
  readonly keepFiringFor?: Duration;
  readonly severity?: Severity;
}

/** @param what whose fields these are, for the message: `tune.` @throws where a value is of another kind than its type says */
export function checkValues(path: string, what: string, { threshold, severity, for: held, keepFiringFor }: Values) {
  const fail = (field: string, given: string, remedy: string) => {
    throw new Error(`${path}: ${what}${field} is ${given}; ${remedy}`);
  };
  if (threshold !== undefined && !Number.isFinite(threshold))
    fail('threshold', text(threshold), 'give a number, without quotes and unit');
  if (severity !== undefined && !SEVERITIES.includes(severity))
    fail('severity', text(severity), `give one of ${SEVERITIES.join(', ')}`);
  for (const [field, time] of Object.entries({ for: held, keepFiringFor })) {
    if (time === undefined) continue;
    if (!(time instanceof Duration)) fail(field, text(time), 'write Duration.minutes(10)');
    else if (!Number.isInteger(time.toMilliseconds() / 1000))
      fail(field, `${time.toMilliseconds()} ms`, 'give whole seconds');
  }
}

/** What an author may have got wrong of an alert: `synth` checks no types. @throws where Prometheus or a person could make nothing of it */
export function checkAlert(path: string, alert: Alert): void {
  const { name, expr, threshold } = alert;
  const what = typeof name === 'string' && name !== '' ? `the alert ${name}` : 'an alert';
  closed(path, alert, FIELDS, `${what}: `);
  const missing = STATED.filter(field => {
    const given: unknown = alert[field];
    return field === 'expr' && typeof given === 'function' ? false : typeof given !== 'string' || given.trim() === '';
  });
  if (missing.length > 0) throw new Error(`${path}: ${what} without ${missing.join(', ')}; state each of them`);
  if (!/^[A-Z][A-Za-z0-9]*$/.test(name))
    throw new Error(`${path}: "${name}" cannot name an alert; write it in CamelCase, as in OrdersStopped`);
  checkValues(path, `${what}: `, alert);
  const taken = Object.keys(alert.labels ?? {}).find(label => STAMPED.includes(label));
  if (taken !== undefined)
    throw new Error(`${path}: ${what} has the label ${taken}, by which people are found; call it otherwise`);
  if (typeof expr === 'function' && threshold === undefined)
    throw new Error(
      `${path}: ${what} computes its expr from a threshold, and has none; give threshold, or a text as expr`,
    );
}

/** What every alert carries, and Alertmanager goes by. */
const STAMPED = ['alertname', 'cluster', 'db', 'namespace', 'service', 'severity', 'system', 'team'];

const STATED = ['name', 'severity', 'expr', 'summary', 'description', 'why', 'runbook'] as const;

const FIELDS: Readonly<Record<keyof Alert, true>> = {
  name: true,
  severity: true,
  expr: true,
  threshold: true,
  for: true,
  keepFiringFor: true,
  summary: true,
  description: true,
  why: true,
  runbook: true,
  labels: true,
};

/** JSON has no NaN. */
function text(given: unknown): string {
  return typeof given === 'number' ? String(given) : JSON.stringify(given);
}
