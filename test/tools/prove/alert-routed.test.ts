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
    [without('name: weekend'), 'a route goes by the time weekend, which it does not hold'],
    [
      config(text => text.replace('mute_time_intervals: [weekend]', 'active_time_intervals: [weekdays]')),
      'a route goes by the time weekdays, which it does not hold',
    ],
    [
      config(text => text.replace(`matchers: ['severity="none"']`, 'match: { severity: none }')),
      'a route has match; what is known here: receiver, matchers, continue, routes, mute_time_intervals, active_time_intervals, group_by, group_wait, group_interval, repeat_interval',
    ],
    [
      `${config()}inhibit_rules: [{ source_match: { alertname: Watchdog }, target_matchers: ['severity="P1"'] }]`,
      'an inhibition has source_match; what is known here: source_matchers, target_matchers, equal',
    ],
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

  test.each([
    [
      'receiver: pager, ',
      'mute_time_intervals: [weekend]',
      ['critical', 'P1'].map(each => `${each} reaches its pager at times only: the route to pager goes by weekend`),
    ],
    [
      'receiver: chat }',
      'active_time_intervals: [weekend]',
      ['warning', 'P2'].map(each => `${each} reaches its chat at times only: the route to chat goes by weekend`),
    ],
    [
      'receiver: switch }',
      'mute_time_intervals: [weekend]',
      ['Watchdog reaches its dead man’s switch at times only: the route to switch goes by weekend'],
    ],
  ])('what must be heard at once may not wait: %s with %s', (route, times, given) => {
    const limited = config(text => {
      expect(text).toContain(route);
      return text.replace(route, route.replace(/,? ?\}?$/, `, ${times}$&`));
    });
    expect(found(limited)).toEqual(given);
  });

  test('a way that is limited is none beside one that is not', () => {
    const second = `    - { matchers: ['severity=~"P1|critical"'], receiver: pager, mute_time_intervals: [weekend], continue: true }\n`;
    const line = `    - { matchers: ['severity=~"P1|critical"']`;
    expect(found(config(text => text.replace(line, `${second}${line}`)))).toEqual([]);
  });

  test.each([
    [`source_matchers: ['alertname="Watchdog"'], target_matchers: ['severity="P1"']`, 'severity="P1"'],
    [`source_matchers: ['severity="none"'], target_matchers: ['severity="P1"', 'a="b"']`, 'severity="P1", a="b"'],
    [`source_matchers: ['alertname=~"Watch.+|Full"', 'system="platform"']`, 'everything'],
    [`target_matchers: ['severity="P1"']`, 'severity="P1"'],
  ])('what always fires silences nobody: %s', (rule, target) => {
    expect(found(`${config()}inhibit_rules: [{ ${rule} }]`)).toEqual([
      `an inhibition of ${target} has a source that Watchdog matches, which always fires: nobody would ever hear it`,
    ]);
  });

  test('what is worse may silence', () => {
    const worse = `{ source_matchers: ['severity=~"P1|critical"'], target_matchers: ['severity="P3"'], equal: [cluster] }`;
    const named = `{ source_matchers: ['alertname=~"Down|Full"', 'db=~".+"'], target_matchers: ['severity="P2"'] }`;
    expect(found(`${config()}inhibit_rules: [${worse}, ${named}]`)).toEqual([]);
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
