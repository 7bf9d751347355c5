import { cpus } from 'node:os';
import type { AlertCase, Cases, Series } from './case.ts';
import { promtool } from './promtool.ts';
import { type RuleFile, readBy, type TestedAlert } from './rules.ts';
import { selects, writtenSeries } from './selectors.ts';
import { type Asked, unitTest } from './unit-test.ts';

/** A test of an alert, and what promtool holds against it. */
export interface Verdict {
  readonly tested: TestedAlert;
  readonly asked: Asked;
  /** Empty where it passed. */
  readonly fault: string;
}

/** What a case says that cannot be meant: a series that its rule never reads, or a quiet one that is quiet because nothing is there. */
export function faultsOfCase(tested: TestedAlert, { fires, also = [], quiet }: AlertCase): string[] {
  const read = readBy(tested);
  const faults = (asked: Asked, series: Series) =>
    Object.keys(series).flatMap(text => {
      const { metric } = writtenSeries(text);
      const known = read.some(selector => selector.metric === metric);
      return known ? [] : [`${asked}: ${text} is read by no part of ${tested.alert.expr}; correct its name`];
    });
  const situations = quiet === 'never' ? [] : [quiet].flat();
  const near = situations.every(({ series }) =>
    Object.keys(series).some(text => read.some(each => selects(each, writtenSeries(text)))),
  );
  return [
    ...[fires, ...also].flatMap(({ series }) => faults('fires', series)),
    ...situations.flatMap(({ series }) => faults('quiet', series)),
    ...(near
      ? []
      : [`quiet: ${tested.alert.expr} selects none of its series; give one that it reads, with a value that is well`]),
  ];
}

/**
 * What `promtool check rules --lint=all --lint-fatal` holds against all rules of a cluster: as one file, since it looks for duplicates
 * within a file only.
 *
 * @returns a text that is empty where all is well
 */
export async function checked(files: readonly RuleFile[]): Promise<string> {
  const groups = files.flatMap(({ file, groups }) =>
    groups.map(group => ({ ...group, name: `${file} ${group.name}` })),
  );
  const { ok, said } = await promtool(['check', 'rules', '--lint=all', '--lint-fatal', 'rules.yaml'], {
    'rules.yaml': { groups },
  });
  return ok ? '' : said;
}

/** Runs the unit tests of alerts, in as many promtools as there are processors. @throws where an alert has no case */
export async function judged(
  alerts: readonly TestedAlert[],
  cases: Cases,
  only?: readonly Asked[],
): Promise<Verdict[]> {
  const parts = cpus().map((_, part, { length }) => alerts.filter((_, index) => index % length === part));
  return (await Promise.all(parts.map(part => judgedTogether(part, cases, only)))).flat();
}

async function judgedTogether(
  alerts: readonly TestedAlert[],
  cases: Cases,
  only?: readonly Asked[],
): Promise<Verdict[]> {
  const files = alerts.map((tested, index) => unitTest(`${index}`, tested, caseOf(tested, cases), only));
  const paths = files.map(each => Object.keys(each).filter(path => !path.endsWith('/rules.yaml')));
  if (paths.flat().length === 0) return [];
  const { said } = await promtool(['test', 'rules', ...paths.flat()], Object.assign({}, ...files) as (typeof files)[0]);
  const answers = new Map(
    said
      .split(/^Unit Testing: +/m)
      .slice(1)
      .map((text): [string, string] => [text.split('\n', 1)[0]!.trim(), text.slice(text.indexOf('\n') + 1).trim()]),
  );
  return alerts.flatMap((tested, index) =>
    paths[index]!.map(path => {
      const answer = answers.get(path) ?? `promtool said nothing of it: ${said.slice(-2000)}`;
      return { tested, asked: path.split(/[/.]/)[1] as Asked, fault: answer === 'SUCCESS' ? '' : answer };
    }),
  );
}

export function caseOf({ alert }: TestedAlert, cases: Cases): AlertCase {
  const made = Object.hasOwn(cases, alert.name) ? cases[alert.name] : undefined;
  if (!made) throw new Error(`${alert.name} has no case; write one in test/real/alerts/cases`);
  return made(alert);
}

/** A fault as a person reads it. */
export function told({ tested: { alert, file, clusters }, asked, fault }: Verdict): string {
  const what = {
    fires: 'must fire, and does not so',
    quiet: 'must be quiet, and fires',
    missing: 'without any series',
  };
  return `${alert.name} of ${alert.labels.service} (${alert.labels.severity}) ${what[asked]}; ${clusters.length} clusters, ${file}\n${fault}`;
}
