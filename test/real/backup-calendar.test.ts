import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Duration } from '../../charts/index.ts';
import type { ConfigMap } from '../../imports/kubernetes.ts';
import { rendered } from '../charts/fixture.ts';
import { postgres } from '../charts/postgres/fixture.ts';
import type { PodManifest } from './pods/manifest.ts';
import { startNode } from './pods/node.ts';
import { images } from './pods/programs.ts';
import { unavailable } from './pods/requirements.ts';

/**
 * What is kept, and when it goes, over seven years: the retention of the rendered configurations, on real pgBackRest with its clock set
 * ahead. Its repositories are directories here, and the server is its own.
 */
const why = unavailable();
if (why) console.warn(`backup-calendar.test.ts: ${why}; nothing here is tested`);

const TOOLS = '/opt/test';

/** Seven years, whichever: two or one of them leap years. */
const SEVEN_YEARS = 2557;

function configurations(): Record<string, string> {
  const { shop } = postgres(
    {
      backups: {
        full: '0 2 * * *',
        keep: Duration.days(30),
        copies: [
          { to: 'warm', schedule: '0 4 * * 0', keep: Duration.days(90) },
          { to: 'cold', schedule: '0 5 1 * *', keep: Duration.days(SEVEN_YEARS) },
        ],
      },
    },
    {
      objectStores: {
        backups: { provider: 's3', bucket: 'test-backups', region: 'eu-north-1' },
        warm: { provider: 'azure', account: 'testwarm', bucket: 'backups', region: 'northeurope' },
        cold: { provider: 'gcs', bucket: 'test-archive', region: 'europe-north1' },
      },
    },
  );
  const { objects } = rendered(shop);
  const text = (name: string, key: string) => (objects[`ConfigMap ${name}`] as ConfigMap).data![key]!;
  return {
    'hot.conf': onDisk(text('database-backup-full', 'etc_pgbackrest_pgbackrest.conf'), 'hot'),
    'weekly.conf': onDisk(text('database-proof-warm-scripts', 'copy.conf'), 'weekly'),
    'monthly.conf': onDisk(text('database-proof-cold-scripts', 'copy.conf'), 'monthly'),
  };
}

/** The same with a directory for the store, and with the one server of this pod. */
function onDisk(configuration: string, repository: string): string {
  const replaced = /^(repo1-(type|path|s3|azure|gcs|storage|block|cipher)|pg\d-|backup-standby|lock-path)/;
  const kept = configuration.split('\n').filter(line => !replaced.test(line) && line !== '');
  console.warn(`backup-calendar.test.ts: of ${repository}.conf is kept: ${kept.join(' ')}`);
  const own = ['repo1-type=posix', `repo1-path=/repo/${repository}`, `lock-path=/tmp/${repository}`];
  return [...kept.toSpliced(1, 0, ...own), 'pg1-path=/pgdata/pg16', 'pg1-socket-path=/run/postgresql', ''].join('\n');
}

const POD: PodManifest = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'calendar', namespace: 'shop-data' },
  spec: {
    securityContext: { runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 },
    containers: [
      {
        name: 'calendar',
        image: 'ghcr.io/drydock/postgres:16-1',
        command: ['sleep', 'infinity'],
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          { name: 'sockets', mountPath: '/run/postgresql' },
          { name: 'data', mountPath: '/pgdata' },
          { name: 'repositories', mountPath: '/repo' },
          { name: 'configurations', mountPath: '/conf' },
        ],
      },
    ],
    volumes: [
      ...['tmp', 'sockets', 'data', 'repositories'].map(name => ({ name, emptyDir: {} })),
      { name: 'configurations', configMap: { name: 'configurations' } },
    ],
  },
};

test.skipIf(why !== undefined)('30 days of days, 90 days of weeks, seven years of months', async () => {
  const known = images.find(({ matches }) => matches.test('ghcr.io/drydock/postgres:16-1'))!;
  const tools = { [TOOLS]: { folder: fileURLToPath(new URL('backups', import.meta.url)) } };
  const node = await startNode({ images: [{ ...known, files: { ...known.files, ...tools } }] });
  try {
    const metadata = { namespace: 'shop-data', name: 'configurations' };
    await node.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: configurations() });
    const pod = await node.startPod(POD);
    const line = ['python3', `${TOOLS}/years.py`, '/conf/hot.conf', '/conf/weekly.conf', '/conf/monthly.conf'];
    const { code, stdout, stderr } = await pod.exec(line, { timeoutSeconds: 300 });
    expect(code, stderr).toBe(0);
    const { hot, weekly, monthly } = JSON.parse(stdout) as Record<
      string,
      { counts: number[] } & Record<string, string>
    >;

    // One goes when another has come to be as old as what is kept: so one more than days.
    expect(hot!.counts).toEqual(Array.from({ length: 33 }, (_, day) => Math.min(day + 1, 31)));
    expect(hot!.oldestWal).toBe(hot!.oldestNeeds);
    expect(weekly!.counts).toEqual(Array.from({ length: 17 }, (_, week) => Math.min(week + 1, 14)));
    expect(monthly!.counts.slice(0, 85)).toEqual(Array.from({ length: 85 }, (_, month) => month + 1));
    // January 2034 is the 84th month after the first: not a copy is gone before it is seven years old.
    expect(monthly!.counts.slice(85)).toEqual([85, 85, 85]);
    expect(monthly!.oldest).toMatch(/^202704/);
  } finally {
    await node.stop();
  }
});
