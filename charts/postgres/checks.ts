import { Duration } from 'cdk8s';
import { closed } from '../closed.ts';
import { type Site, writesHere } from '../cluster.ts';
import { checkDuration } from '../durations.ts';
import { type FailoverTimes, OPTIONS, PATCHES, type PostgresProps } from './options.ts';
import { checkParameters } from './parameters.ts';

/** Patroni's own, and those of what test/real/postgres.test.ts measures. */
const FAILOVER: FailoverTimes = {
  ttl: Duration.seconds(30),
  loopWait: Duration.seconds(10),
  retryTimeout: Duration.seconds(10),
};

/** Patroni takes no less (patroni.readthedocs.io, "Dynamic Configuration Settings"). */
const LEAST: Readonly<Record<keyof FailoverTimes, number>> = { ttl: 20, loopWait: 1, retryTimeout: 3 };

export function failoverOf({ failover }: Pick<PostgresProps, 'failover'>): FailoverTimes {
  return failover ?? FAILOVER;
}

/** @throws where an option is none, or cannot be what it is; what other files own they check themselves */
export function checkPostgres(path: string, site: Site, props: PostgresProps): void {
  closed(path, props, OPTIONS);
  closed(path, props.patch ?? {}, PATCHES, 'patch.');
  const { instances, failover, parameters, backups } = props;
  const fail = (given: string, remedy: string) => {
    throw new Error(`${path}: ${given}; ${remedy}`);
  };
  if (!Number.isInteger(instances) || instances < 1)
    fail(`instances is ${JSON.stringify(instances)}`, 'give a whole number from 1');
  if (site.tier === 'production' && writesHere(site)) {
    if (instances < 2)
      fail('instances is 1 in production', 'give at least 2: alone, a lost volume costs what was not archived yet');
    if (backups === undefined) fail('it has no backups in production', 'give backups: what is kept, and how long');
  }
  if (failover !== undefined) checkFailover(path, failover);
  checkParameters(path, parameters, props.memory);
}

function checkFailover(path: string, failover: FailoverTimes): void {
  closed(path, failover, { ttl: true, loopWait: true, retryTimeout: true }, 'failover.');
  for (const option of Object.keys(LEAST) as (keyof FailoverTimes)[]) {
    checkDuration(path, `failover.${option}`, failover[option]);
    const seconds = failover[option].toSeconds();
    if (seconds < LEAST[option])
      throw new Error(
        `${path}: failover.${option} is ${seconds} s; give at least ${LEAST[option]}, Patroni takes no less`,
      );
  }
  const [ttl, loop, retry] = [failover.ttl, failover.loopWait, failover.retryTimeout].map(each => each.toSeconds()) as [
    number,
    number,
    number,
  ];
  if (loop + 2 * retry > ttl)
    throw new Error(
      `${path}: failover.loopWait and twice retryTimeout are ${loop + 2 * retry} s, and ttl ${ttl}; make ttl at least as long: a leader must be able to try twice before it loses its lease`,
    );
}
