import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Certificate, ExternalSecret, SecretStore } from '../../imports/custom.ts';
import type { ConfigMap, Deployment, StatefulSet } from '../../imports/kubernetes.ts';
import { type Layer, layerOf, podOfDeployment, podsOf } from './pods/dist.ts';
import type { RunningPod } from './pods/pod.ts';
import { type Image, imageOf } from './pods/programs.ts';
import { unavailable } from './pods/requirements.ts';
import { secretOf } from './pods/secrets.ts';
import { until } from './pods/until.ts';
import { type PostgresCluster, startCluster } from './postgres/cluster.ts';

/**
 * The data layer of a system as it is committed for the cluster on a laptop, with its API's variables: every server starts from its file
 * in `dist/`, and who has the API's variables, files and certificate gets in.
 */
const why = unavailable();
if (why) console.warn(`committed-data.test.ts: ${why}; nothing here is tested`);

/** The API is a placeholder; what its variables lead to is not. */
const API: Image = {
  ...imageOf('ghcr.io/drydock/postgres:16-1'),
  matches: /\/api:/,
  stand: 'psql and redis-cli, in place of the API',
  entrypoint: ['sleep', 'infinity'],
};

/** A setting that PgBouncer 1.18 does not know. */
const LACKING = /^max_prepared_statements .*\n/m;

/** The values of the made-up store that stand in `dist/`. */
function storeOf(layers: readonly Layer[]): (key: string) => string | undefined {
  const entries = layers
    .flatMap(layer => layer.all<SecretStore>('SecretStore'))
    .flatMap(({ spec }) => spec?.provider.fake?.data ?? [])
    .map(({ key, value }): [string, string] => [key, value ?? '']);
  const values = new Map(entries);
  return key => values.get(key);
}

describe.skipIf(why).each(['zapora', 'liquor-pos'])('%s, as dist/local has it', system => {
  const data = layerOf(`local/${system}/data`);
  const services = layerOf(`local/${system}/services`);
  let cluster: PostgresCluster;
  let api: RunningPod;
  let caches: RunningPod[];

  beforeAll(async () => {
    cluster = await startCluster({ layer: data, statefulSet: 'database-local', kubernetes: '1.36', images: [API] });
    const { node, authority } = cluster;
    const store = storeOf([data, services]);
    for (const layer of [data, services]) {
      await node.apply(...layer.stored);
      for (const secret of layer.all<ExternalSecret>('ExternalSecret')) await node.apply(secretOf(secret, store));
      for (const certificate of layer.all<Certificate>('Certificate')) await node.apply(authority.issue(certificate));
    }
    const pooler = data.pick<ConfigMap>('ConfigMap', 'database-pooler');
    const ini = pooler.data!['etc_pgbouncer_pgbouncer.ini']!;
    console.info('left out of database-pooler: max_prepared_statements, which PgBouncer 1.18 does not know');
    await node.apply({
      ...pooler,
      data: { ...pooler.data, 'etc_pgbouncer_pgbouncer.ini': ini.replace(LACKING, '') },
    });
    await node.startPod(podOfDeployment(data.pick<Deployment>('Deployment', 'database-pooler')), { kubelet: true });
    const cache = podsOf(data.pick<StatefulSet>('StatefulSet', 'cache'));
    caches = await Promise.all(cache.map(pod => node.startPod(pod, { kubelet: true })));
    api = await node.startPod(podOfDeployment(services.pick<Deployment>('Deployment', 'api')));
  }, 180_000);

  afterAll(() => cluster?.stop());

  const asApi = async (script: string) => {
    const container = api.manifest.spec.containers[0]!.name;
    const { stdout, stderr } = await api.exec(['sh', '-c', script], { container });
    return `${stdout}${stderr}`.trim();
  };

  it('takes writes at DATABASE_URL, and none at DATABASE_READ_URL', async () => {
    const asked =
      'psql -XAtq "$DATABASE_URL" -c "create table if not exists t (id int); insert into t values (1); select 1"';
    await until('the database answers', async () => (await asApi(asked)).endsWith('1'), 90);
    expect(await asApi('psql -XAtq "$DATABASE_READ_URL" -c "select count(*) from t"')).toMatch(/^[1-9]\d*$/);
    expect(await asApi('psql -XAtq "$DATABASE_READ_URL" -c "insert into t values (2)"')).toContain('read-only');
  });

  it('keeps what is written into its cache', async () => {
    await until('all caches are ready', () => caches.every(({ ready }) => ready), 90);
    const cli = 'redis-cli --no-auth-warning --tls --cacert';
    const set =
      system === 'zapora'
        ? `${cli} "$REDIS_URL_CA_FILE" -c -u "$REDIS_URL" set order 1 ex 60`
        : `host=$(${cli} "$REDIS_CA_FILE" -h "\${REDIS_SENTINELS%%:*}" -p 26379 --user "$REDIS_USER" --pass "$REDIS_PASSWORD" sentinel get-master-addr-by-name "$REDIS_MASTER" | head -1)
           ${cli} "$REDIS_CA_FILE" -h "$host" --user "$REDIS_USER" --pass "$REDIS_PASSWORD" set order 1 ex 60`;
    expect(await asApi(set)).toContain('OK');
  });

  it('lets nobody in who has not the API’s password', async () => {
    const wrong = 'psql -XAtq "$(echo "$DATABASE_URL" | sed s/made-up/guessed/)" -c "select 1"';
    expect(await asApi(wrong)).toContain('authentication failed');
  });
});
