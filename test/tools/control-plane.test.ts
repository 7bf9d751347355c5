import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { goMod } from '../../tools/control-plane/build.ts';
import { ciliumCrds, judge } from '../../tools/control-plane/cilium.ts';
import { cacheFolder, find, kubePrograms } from '../../tools/control-plane/find.ts';
import { azurite, fakeGcs, moto } from '../../tools/control-plane/object-stores.ts';
import { nest } from '../../tools/control-plane/processes.ts';
import { CILIUM, MOTO, releaseOf } from '../../tools/control-plane/versions.ts';

function folderWith(...programs: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-find-'));
  for (const program of programs) {
    writeFileSync(join(folder, program), '#!/bin/sh\necho Kubernetes v1.35.9\n');
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
}

function cacheWith(release: string): string {
  const root = mkdtempSync(join(tmpdir(), 'drydock-cache-'));
  const folder = cacheFolder(release, { XDG_CACHE_HOME: root });
  mkdirSync(folder, { recursive: true });
  for (const program of kubePrograms) writeFileSync(join(folder, program), '', { mode: 0o755 });
  return root;
}

test('a minor has one release; an unknown one is refused with the remedy', () => {
  expect(releaseOf('1.35')).toBe('1.35.4');
  expect(releaseOf('1.35.1')).toBe('1.35.1');
  expect(() => releaseOf('1.12')).toThrow('add it to tools/control-plane/versions.ts');
});

test('KUBEBUILDER_ASSETS comes first, for its own minor and not where an exact release is asked', () => {
  const assets = folderWith('kube-apiserver', 'etcd');
  const env = { KUBEBUILDER_ASSETS: assets, XDG_CACHE_HOME: cacheWith('1.35.4') };
  expect(find('1.35', env)).toMatchObject({
    version: '1.35.9',
    paths: { 'kube-apiserver': join(assets, 'kube-apiserver') },
  });
  expect(find('1.35', env).paths['kube-scheduler']).toContain('1.35.4'); // envtest has none
  expect(find('1.35.4', env)).toMatchObject({ version: '1.35.4', missing: [] });
  expect(find('1.35.4', env).paths['kube-apiserver']).toContain('1.35.4');
});

test('what is missing is named with what to do', () => {
  const { missing } = find('1.36', {
    XDG_CACHE_HOME: folderWith(),
    KUBEBUILDER_ASSETS: folderWith('kube-apiserver'),
    PATH: folderWith('etcd'),
  });
  expect(missing.map(({ program }) => program)).toEqual([...kubePrograms]);
  expect(missing[0]?.remedy).toBe('run `npm run test:tools -- 1.36` to build 1.36.3');
});

test('of Cilium, too; what was fetched is found without asking anyone', () => {
  const env = { XDG_CACHE_HOME: folderWith() };
  const remedy = `is missing: run \`npm run test:tools\` to fetch Cilium ${CILIUM}`;
  expect(() => ciliumCrds(env)).toThrow(`the definition of CiliumNetworkPolicy ${remedy}`);
  expect(() => judge([], env)).toThrow(`the judge of Cilium policies ${remedy}`);
  const folder = join(env.XDG_CACHE_HOME, 'drydock', 'cilium', CILIUM, 'crds');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ciliumnetworkpolicies.yaml'), '');
  expect(ciliumCrds(env)).toBe(folder);
});

test('of object stores, too', () => {
  const env = { XDG_CACHE_HOME: folderWith() };
  const remedy = 'is missing: run `npm run test:tools` to fetch it';
  for (const store of [moto, azurite, fakeGcs]) expect(() => store(env)).toThrow(remedy);
  mkdirSync(join(env.XDG_CACHE_HOME, 'drydock', 'moto', MOTO), { recursive: true });
  expect(moto(env)).toContain(MOTO);
});

test('the module that builds Kubernetes replaces each staging module by its published one', () => {
  const theirs = `module k8s.io/kubernetes

go 1.25.0

godebug default=go1.25

require k8s.io/api v0.0.0

replace (
	k8s.io/client-go => ./staging/src/k8s.io/client-go
	k8s.io/api => ./staging/src/k8s.io/api
)
`;
  expect(goMod('1.35.4', theirs).split('\n\n')).toEqual([
    'module drydock.example/kubernetes',
    'go 1.25.0',
    'godebug default=go1.25',
    'require k8s.io/kubernetes v1.35.4',
    'tool k8s.io/kubernetes/cmd/kube-apiserver',
    'tool k8s.io/kubernetes/cmd/kube-controller-manager',
    'tool k8s.io/kubernetes/cmd/kube-scheduler',
    'replace k8s.io/api => k8s.io/api v0.35.4',
    'replace k8s.io/client-go => k8s.io/client-go v0.35.4',
    '',
  ]);
  expect(() => goMod('1.35.4', 'module k8s.io/kubernetes\n')).toThrow('replaces no staging module');
});

test('a stopped nest leaves no process and no folder', async () => {
  const home = nest();
  const { pid } = home.start('sleeper', 'sleep', ['1000']);
  await home.stop();
  expect(existsSync(home.folder)).toBe(false);
  await gone(pid as number);
});

test('a nest whose owner is killed leaves no process and no folder either', async () => {
  const script = `
    import { nest } from ${JSON.stringify(new URL('../../tools/control-plane/processes.ts', import.meta.url).href)};
    const home = nest();
    const child = home.start('sleeper', 'sleep', ['1000']);
    console.log(JSON.stringify({ folder: home.folder, pid: child.pid }));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>(done => owner.stdout.once('data', data => done(String(data))));
  const { folder, pid } = JSON.parse(line) as { folder: string; pid: number };
  expect(existsSync(folder)).toBe(true);
  owner.kill('SIGKILL');
  await gone(pid);
  for (let i = 0; i < 50 && existsSync(folder); i++) await sleep(100);
  expect(existsSync(folder)).toBe(false);
});

test('a program that cannot start is an error at once', async () => {
  const home = nest();
  expect(() => home.start('nothing', join(home.folder, 'nothing'), [])).toThrow('cannot be started');
  await home.stop();
});

async function gone(pid: number): Promise<void> {
  for (let i = 0; i < 50; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(100);
  }
  throw new Error(`process ${pid} still lives`);
}
