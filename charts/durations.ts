import { Duration } from 'cdk8s';

/** @throws where it is no whole number of seconds, from one on */
export function checkDuration(path: string, field: string, value: Duration | undefined): void {
  if (!(value instanceof Duration)) {
    const given = value === undefined ? 'missing' : JSON.stringify(value);
    throw new Error(`${path}: ${field} is ${given}; write Duration.seconds(20)`);
  }
  const seconds = value.toMilliseconds() / 1000;
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new Error(`${path}: ${field} is ${seconds} s; give a whole number of seconds from 1`);
}
