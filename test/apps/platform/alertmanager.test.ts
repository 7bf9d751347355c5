import { readdirSync, readFileSync } from 'node:fs';
import { App, Testing } from 'cdk8s';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addons } from '../../../apps/platform/addons.ts';
import { INHIBITION } from '../../../apps/platform/alertmanager/inhibition.ts';
import { AUTOMATED } from '../../../apps/platform/alertmanager/routes.ts';
import { askedFor, inserted, throughExternalSecrets } from '../../../apps/platform/alertmanager/secrets.ts';
import { Platform } from '../../../apps/platform/index.ts';
import type { Cluster } from '../../../charts/index.ts';
import type { ClusterExternalSecret, ClusterSecretStore } from '../../../imports/custom.ts';
import { development, local, production, staging } from '../../site.ts';

const clusters = [local, development, staging, production];

// biome-ignore lint/suspicious/noExplicitAny: somebody else's configuration
type Loose = any;

function rendered(cluster: Cluster) {
  const objects = Testing.synth(new Platform(new App(), { ...cluster, role: 'independent' })) as Loose[];
  const named = (kind: string, name: string) => objects.find(each => each.kind === kind && each.metadata.name === name);
  const secret = named('ClusterExternalSecret', 'alertmanager') as ClusterExternalSecret;
  const { externalSecretSpec, namespaceSelectors } = secret.spec!;
  const texts = externalSecretSpec.target!.template!.data!;
  return {
    named,
    namespaceSelectors,
    externalSecretSpec,
    texts,
    config: parse(texts['alertmanager.yaml']!) as Loose,
    paths: (externalSecretSpec.data ?? []).map(({ remoteRef: { key, property } }) =>
      property === undefined ? key : `${key}/${property}`,
    ),
  };
}

const channelsOf = (cluster: Cluster, receiver: string) => {
  const { name, ...channels } = rendered(cluster).config.receivers.find((each: Loose) => each.name === receiver);
  return Object.keys(channels);
};

test('routes and silences are the same everywhere: meaning does not differ by tier', () => {
  const meaning = clusters.map(cluster => {
    const { route, inhibit_rules, receivers } = rendered(cluster).config;
    return { route, inhibit_rules, names: receivers.map(({ name }: Loose) => name) };
  });
  for (const each of meaning) expect(each).toEqual(meaning[0]);
});

test('somebody is woken where customers are, and nowhere else', () => {
  expect(channelsOf(production, 'p1')).toEqual(['pagerduty_configs', 'sns_configs', 'email_configs', 'slack_configs']);
  for (const cluster of [local, development, staging]) expect(channelsOf(cluster, 'p1')).toEqual(['slack_configs']);
});

test('text messages go by the cluster’s own topic, and by none outside AWS', () => {
  const { account, ...outside } = production;
  const [sns] = rendered(production).config.receivers.find(({ name }: Loose) => name === 'p1').sns_configs;
  expect(sns).toMatchObject({
    topic_arn: `arn:aws:sns:eu-north-1:${account}:production-p1`,
    sigv4: { region: 'eu-north-1' },
  });
  expect(channelsOf(outside, 'p1')).toEqual(['pagerduty_configs', 'email_configs', 'slack_configs']);
});

describe.each(clusters.map(cluster => [cluster.name, cluster] as const))('the Secret of %s', (name, cluster) => {
  const { texts, externalSecretSpec, namespaceSelectors, paths, named } = rendered(cluster);
  const text = texts['alertmanager.yaml']!;

  test('fetches each secret that the text asks for, and no other', () => {
    const fetched = (externalSecretSpec.data ?? []).map(({ secretKey }) => secretKey);
    expect(fetched).toEqual(askedFor(text));
    const files = [...text.matchAll(/_file: \/etc\/alertmanager\/config\/(\S+)/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(0);
    expect(fetched).toEqual(expect.arrayContaining(files));
  });

  test('holds none', () => {
    expect(text).not.toMatch(/(api_url|routing_key|password|credentials|token):/);
  });

  test('stands where Alertmanager does, under the name that it is given', () => {
    const stack = addons(cluster).find(addon => addon.name === 'kube-prometheus-stack')!;
    const { alertmanagerSpec } = stack.values.alertmanager as Loose;
    expect(alertmanagerSpec).toMatchObject({ useExistingSecret: true, configSecret: externalSecretSpec.target!.name });
    expect(namespaceSelectors).toEqual([{ matchLabels: { 'kubernetes.io/metadata.name': stack.namespace } }]);
  });

  test('comes from a store that lets that namespace in', () => {
    const store = named('ClusterSecretStore', externalSecretSpec.secretStoreRef!.name!) as ClusterSecretStore;
    const { conditions, provider } = store.spec!;
    expect(conditions).toContainEqual({ namespaces: ['monitoring'] });
    const held = provider.fake?.data.map(({ key }) => key);
    if (held) expect(held).toEqual(paths);
  });

  test('tells that this cluster is alive, not its neighbour with the same store', () => {
    expect(paths).toContain(`platform/alertmanager/watchdog-url/${name}`);
  });
});

test('templates of Alertmanager pass External Secrets as they are; what it is to insert stays its own', () => {
  expect(throughExternalSecrets(`a {{ .Status }} {{- end }} ${inserted('watchdog')}`)).toBe(
    'a {{ `{{` }} .Status }} {{ `{{` }}- end }} {{ .watchdog | trim }}',
  );
});

test('every alert that is silenced, silences or is automated is one that somebody has', () => {
  const sources = ['charts', 'apps'].flatMap(room =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.ts'))
      .map(file => readFileSync(`${room}/${file}`, 'utf8')),
  );
  const code = sources.join('\n');
  const named = INHIBITION.flatMap(rule => [...rule.source_matchers, ...rule.target_matchers])
    .filter(matcher => matcher.startsWith('alertname'))
    .flatMap(matcher => matcher.replace(/^\w+=~?"|"$/g, '').split('|'))
    // Names that are put together from a speed.
    .filter(name => !/^ErrorBudgetBurn|^\w+\)$/.test(name));
  expect(named.length).toBeGreaterThan(5);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of the source
  expect(code).toContain('name: `ErrorBudgetBurn${name}`');
  const unknown = [...new Set([...named, ...AUTOMATED])].filter(name => !code.includes(`name: '${name}'`));
  expect(unknown).toEqual([]);
});
