import { alertOnce } from './alert-once.ts';
import { alertRouted } from './alert-routed.ts';
import { objectRules, unitRules } from './all.ts';
import { hostOnce } from './host-once.ts';
import { nodesHold } from './nodes-hold.ts';
import { oneArchive } from './one-archive.ts';
import { oneOwner } from './one-owner.ts';

/** What a rule looks at. */
type Level = 'render' | 'object' | 'unit' | 'fleet' | 'waiver';

/** A rule as the table of `npm run rules` shows it. */
export interface RuleRow {
  readonly name: string;
  readonly level: Level;
  readonly demands: string;
  readonly except?: string;
}

/** What the render itself refuses (tools/render): facts, not judgements, so no waiver excuses them. */
const RENDER: readonly Omit<RuleRow, 'level'>[] = [
  { name: 'construct-validation', demands: 'Each construct’s own validation passes.' },
  { name: 'render', demands: 'Every object can be made.' },
  { name: 'vanished-field', demands: 'Every field that an author wrote arrives in the object.' },
  { name: 'plain-data', demands: 'Objects are plain data: no null, NaN, function or class instance.' },
  { name: 'scope', demands: 'An object of the whole cluster names no namespace.' },
  { name: 'duplicate-object', demands: 'A unit makes each object once.' },
  { name: 'one-path', demands: 'Each object has a file of its own, on file systems without capitals too.' },
  { name: 'file-name', demands: 'File names stay below 256 bytes.' },
  { name: 'alert-agreed', demands: 'What is tuned or silenced is an alert that is there.' },
];

const WAIVER = {
  name: 'waiver',
  demands: 'Each waiver names a rule, excuses a finding in some cluster, and has not run out.',
};

/** Every rule, by level, in the order in which they are judged. */
export function rules(): RuleRow[] {
  const row =
    (level: Level) =>
    ({ name, demands, except }: Omit<RuleRow, 'level'>): RuleRow => ({ name, level, demands, except });
  return [
    ...RENDER.map(row('render')),
    ...objectRules.map(row('object')),
    ...unitRules.map(row('unit')),
    ...[oneOwner, hostOnce, nodesHold, oneArchive, alertOnce, alertRouted].map(row('fleet')),
    row('waiver')(WAIVER),
  ];
}

const WAIVABLE: ReadonlySet<string> = new Set(
  rules()
    .filter(({ level, name }) => level !== 'render' && level !== 'waiver' && name !== 'schema')
    .map(({ name }) => name),
);

/** Whether a person may excuse what the rule finds. */
export function isWaivable(rule: string): boolean {
  return WAIVABLE.has(rule);
}

/** What common practice asks for and these rules do not, with the reason. */
export const exceptions: readonly { readonly practice: string; readonly instead: string }[] = [
  {
    practice: 'no secretKeyRef in env, secrets as files only',
    instead:
      'secrets reach pods by secretKeyRef: the systems read variables; `files` mounts a secret as a file on wish',
  },
  {
    practice: 'a digest on every image',
    instead: 'a tag is enough: a digest is never invented, and the pin takes one where it is known',
  },
  {
    practice: 'images from a private registry only',
    instead: 'any registry; which one is the cluster’s admission’s matter',
  },
  {
    practice: 'two replicas everywhere',
    instead: 'one is fine in tier development and staging, where an outage costs nobody',
  },
  {
    practice: 'spec.replicas on every Deployment',
    instead: 'left out where an autoscaler decides: every apply would set the number back',
  },
  {
    practice: 'a web application firewall at every Ingress',
    instead:
      'the open-source F5 controller has none; the load balancer’s or Cloudflare’s stands before it where there is one',
  },
  {
    practice: 'Prune=false on what holds data',
    instead: 'Prune=confirm,Delete=confirm: a person’s word, not a manual deletion',
  },
  { practice: 'ttlSecondsAfterFinished on every Job', instead: 'not in CronJobs, whose history limits say it' },
  {
    practice: 'no capitals or short numbers in ConfigMap values (content scanners take them for passport numbers)',
    instead: 'settings stand in env; files keep what they hold',
  },
];
