import { describe, expect, test } from 'vitest';
import { parseMatcher } from '../../../tools/prove/alertmanager/matcher.ts';
import { Tree } from '../../../tools/prove/alertmanager/tree.ts';
import { FleetLaws } from '../../../tools/prove/index.ts';
import { alertRoutes } from '../../../tools/prove/rules/alert-routes.ts';
import type { Loose } from './good/parts.ts';
import { type Setting, unitOf } from './good-unit.ts';

/** A tree as good as it is short; each line may be replaced. */
function config(change: (text: string) => string = text => text): string {
  return change(`
route:
  receiver: chat
  routes:
    - { matchers: ['alertname="Watchdog"'], receiver: switch }
    - { matchers: ['alertname=~"Full|Late"'], receiver: robot, continue: true }
    - { matchers: ['severity=~"P1|critical"'], receiver: pager, continue: true }
    - { matchers: ['severity=~"P1|P2|critical|warning"'], receiver: chat }
    - { matchers: ['severity=~"P3|info"'], receiver: ticket, mute_time_intervals: [weekend] }
    - { matchers: ['severity="none"'], receiver: nobody }
receivers:
  - { name: chat, slack_configs: [{ channel: a }] }
  - { name: switch, webhook_configs: [{ url: a }] }
  - { name: robot, webhook_configs: [{ url: a }] }
  - { name: pager, pagerduty_configs: [{ routing_key_file: a }] }
  - { name: ticket, webhook_configs: [{ url: a }] }
  - { name: nobody }
time_intervals: [{ name: weekend }]
`);
}

const without = (line: string) =>
  config(text => {
    expect(text).toContain(line);
    return text
      .split('\n')
      .filter(each => !each.includes(line))
      .join('\n');
  });

const secret = (text: string): Loose => ({
  apiVersion: 'external-secrets.io/v1',
  kind: 'ClusterExternalSecret',
  metadata: { name: 'alertmanager' },
  spec: { externalSecretSpec: { target: { template: { data: { 'alertmanager.yaml': text } } } } },
});

describe('a matcher', () => {
  test.each([
    ['severity="P1"', { severity: 'P1' }, true],
    ['severity="P1"', {}, false],
    ['severity=""', {}, true],
    ['severity!="P1"', {}, true],
    ['severity=~"P1|critical"', { severity: 'critical' }, true],
    ['severity=~"P1|critical"', { severity: 'P11' }, false],
    ['severity=~".+"', {}, false],
    ['severity!~"P1|P2"', { severity: 'P3' }, true],
    ['severity!~"P.*"', { severity: 'P3' }, false],
    ['severity = P1', { severity: 'P1' }, true],
  ])('%s of %j', (text, labels, matches) => {
    expect(parseMatcher(text).matches(labels)).toBe(matches);
  });

  test.each(['severity', 'severity=="P1"', 'severity=~"("', '1a="b"'])('%s is none', text => {
    expect(() => parseMatcher(text)).toThrow();
  });
});

describe('a tree', () => {
  const heard = (labels: Record<string, string>, text = config()) =>
    new Tree(text).heardBy(labels).map(({ name }) => name);

  test('tells all on the way of `continue`, and the first that ends it', () => {
    expect(heard({ severity: 'P1' })).toEqual(['pager', 'chat']);
    expect(heard({ severity: 'P3', alertname: 'Full' })).toEqual(['robot', 'ticket']);
    expect(heard({ severity: 'none', alertname: 'Watchdog' })).toEqual(['switch']);
    expect(heard({ severity: 'none' })).toEqual(['nobody']);
    expect(heard({})).toEqual(['chat']);
  });

  test('what was only passed on falls through', () => {
    const tree = new Tree(without('ticket, mute'));
    expect(tree.fallsThrough({ severity: 'P3', alertname: 'Full' })).toBe(true);
    expect(tree.fallsThrough({ severity: 'P2', alertname: 'Full' })).toBe(false);
  });

  test('a route without a receiver has its parent’s', () => {
    const nested = 'route: { receiver: a, routes: [{ receiver: b, routes: [{ matchers: [x="1"] }] }] }';
    expect(heard({ x: '1' }, `${nested}\nreceivers: [{ name: a }, { name: b }]`)).toEqual(['b']);
  });

  test.each([
    ['', 'it has no route with a receiver'],
    [without('name: robot'), 'a route leads to the receiver robot, which it does not hold'],
    [without('name: weekend'), 'a route is muted in weekend, which it does not hold'],
    [config(text => text.replace('name: robot', 'name: pager')), 'two receivers have one name'],
    [config(text => text.replace('severity="none"', 'severity')), 'severity is no matcher'],
  ])('of %j is none: %s', (text, given) => {
    expect(() => new Tree(text)).toThrow(given);
    expect([...alertRoutes.check(secret(text), unitOf([]).cluster)].map(problem => problem.given)).toEqual([
      `alertmanager.yaml: ${given}`,
    ]);
  });
});

describe('alert-routes', () => {
  const found = (text: string, tier = 'production') =>
    [...alertRoutes.check(secret(text), { ...unitOf([]).cluster, tier })].map(({ given }) => given);

  test('the good tree has no finding', () => {
    expect(found(config())).toEqual([]);
  });

  test.each([
    [
      'receiver: pager',
      ['critical reaches no pager: chat has slack_configs', 'P1 reaches no pager: chat has slack_configs'],
    ],
    ['receiver: ticket', ['info has no route: it goes to chat', 'P3 has no route: it goes to chat']],
    ['receiver: switch', ['Watchdog reaches no dead man’s switch: nobody has nothing']],
  ])('without the route to its %s', (line, given) => {
    expect(found(without(line))).toEqual(given);
  });

  test('nobody is woken outside production, but somebody told', () => {
    expect(found(without('receiver: pager'), 'staging')).toEqual([]);
  });

  test('what carries no severity must be seen', () => {
    expect(found(config(text => text.replace('receiver: chat\n', 'receiver: nobody\n')))).toEqual([
      'an alert without a severity goes to nobody, which tells nobody',
    ]);
  });
});

describe('alert-routed', () => {
  const rule = (name: string, severity?: string): Loose => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'api', namespace: 'shop' },
    spec: {
      groups: [
        {
          rules: [
            { record: 'a:b', expr: 'up' },
            { alert: name, expr: 'up', ...(severity && { labels: { severity } }) },
          ],
        },
      ],
    },
  });
  const platform: Setting = { system: 'platform' };
  const found = (alert: Loose, text?: string) => {
    const laws = new FleetLaws();
    if (text !== undefined) laws.see(unitOf([secret(text)], platform));
    laws.see(unitOf([alert]));
    return laws.findings().map(({ rule, given, remedy }) => `${rule}: ${given}; ${remedy}`);
  };

  test.each(['P1', 'P2', 'P3'])('%s is heard', severity => {
    expect(found(rule('Down', severity), config())).toEqual([]);
  });

  test('the Watchdog is heard by a machine', () => {
    expect(found(rule('Watchdog', 'none'), config())).toEqual([]);
  });

  test.each([
    ['page', 'Down: its severity is "page", which no route knows; write P1, P2 or P3'],
    [undefined, 'Down: its severity is "", which no route knows; write P1, P2 or P3'],
    ['none', 'Down: its severity is none: nobody hears it; give it P1, P2 or P3; none is for Watchdog'],
  ])('an alert of severity %s', (severity, finding) => {
    expect(found(rule('Down', severity), config())).toEqual([`alert-routed: ${finding}`]);
  });

  test('an alert whose route is gone', () => {
    expect(found(rule('Late', 'P3'), without('receiver: ticket'))).toEqual([
      'alert-routed: Late: P3 has no route: it goes to chat; add a route for it to a receiver with a ticket (apps/platform/alertmanager/routes.ts)',
    ]);
  });

  test('alerts of a cluster that tells nobody', () => {
    expect(found(rule('Down', 'P1'))).toEqual([
      'alert-routed: no unit of the cluster says who hears its alerts; add the platform unit to the cluster',
    ]);
  });
});
