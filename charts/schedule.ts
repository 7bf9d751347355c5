import { Cron } from 'croner';

/** One field as Kubernetes reads it (kubernetes.io/docs/concepts/workloads/controllers/cron-jobs): croner knows more. */
const FIELD = /^[\d*,/-]+$|^[A-Za-z]{3}([,-][A-Za-z]{3})*$/;

/** Before every schedule: a render reads no clock. */
const ANY_DAY = new Date('2024-01-01T00:00:00Z');

/** @throws where Kubernetes would refuse the schedule or its time zone, or the day never comes */
export function checkSchedule(path: string, schedule: string, timeZone: string): void {
  const fail = (given: string, remedy: string) => {
    throw new Error(`${path}: ${given}; ${remedy}`);
  };
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    fail(`timeZone is "${timeZone}"`, 'write an IANA name, such as Europe/Berlin');
  }
  const fields = String(schedule).trim().split(/\s+/);
  if (fields.length !== 5 || !fields.every(field => FIELD.test(field)))
    fail(`schedule is "${schedule}"`, 'write minute, hour, day of the month, month and day of the week: 0 2 * * *');
  // For Kubernetes Sunday is 0 alone.
  if (/7/.test(fields[4]!)) fail(`schedule is "${schedule}"`, 'write Sunday as 0 or SUN');
  try {
    const next = new Cron(schedule, { paused: true, timezone: timeZone }).nextRun(ANY_DAY);
    if (next === null) fail(`schedule "${schedule}" names a day that never comes`, 'mend the day or the month');
  } catch (error) {
    if ((error as Error).message.startsWith(path)) throw error;
    fail(`schedule is "${schedule}"`, `mend it: ${(error as Error).message}`);
  }
}
