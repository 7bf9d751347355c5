import type { Cases, RenderedAlert, Series } from '../../case.ts';
import { always, steady } from './members.ts';

export const migrations: Cases = { MigrationFailed: failed(''), MigrationNotTakenBack: failed('-undo') };

function failed(suffix: string): Cases[string] {
  return steady(
    alert => job(alert, suffix, 1),
    alert => job(alert, suffix, 0),
  );
}

function job({ labels }: RenderedAlert, suffix: string, value: number): Series {
  const its = `namespace="${labels.namespace}",job_name="${labels.service}${suffix}"`;
  return { [`kube_job_failed{${its},condition="true"}`]: always(value) };
}
