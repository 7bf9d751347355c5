import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { type Api, connect } from './api.ts';
import { describeMissing, find, type Program } from './find.ts';
import { freePorts, type Nest, nest } from './processes.ts';

export interface ControlPlaneOptions {
  /** A minor ('1.35': any patch of it) or a release ('1.35.4': exactly that one). */
  readonly version: string;
  /**
   * Also kube-controller-manager and kube-scheduler: Deployments make pods, quotas count, budgets are computed. `later`: once
   * `startControllers()` is called, so that until then nothing but the caller changes an object. @default false
   */
  readonly controllers?: boolean | 'later';
  /** Where it listens: an address of this machine that others than its own programs reach. @default 127.0.0.1 */
  readonly address?: string;
  /** Whether it writes down every request of a service account, see `audited`. @default false */
  readonly audit?: boolean;
}

/** A request as the API server's audit log has it (audit.k8s.io/v1 Event, level Metadata). */
export interface AuditedRequest {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource: string;
    readonly apiGroup?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code: number };
}

export interface ControlPlane {
  readonly version: string;
  readonly url: string;
  /** The authority of its certificate, for programs that are given no kubeconfig. */
  readonly ca: string;
  /** As system:masters. */
  readonly api: Api;
  /** As whoever the token names: to measure what a ServiceAccount may do. */
  apiAs(token: string): Api;
  /** A file for kubectl and other programs, as system:masters; gone after `stop()`. */
  readonly kubeconfig: string;
  /** The temp folder: logs, keys; gone after `stop()`. */
  readonly folder: string;
  /** Where `controllers` was `later`. */
  startControllers(): Promise<void>;
  /** What service accounts have asked until now, answered or begun, where `audit` is on. */
  audited(): AuditedRequest[];
  /** The API server hangs (SIGSTOP): it takes connections and answers nothing. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 90_000;

/**
 * Starts a fresh, empty control plane: 4 seconds, 270 MB; with controllers 450 MB. There is no kubelet: who wants running pods
 * patches their status.
 */
export async function startControlPlane({
  version,
  controllers = false,
  address = '127.0.0.1',
  audit = false,
}: ControlPlaneOptions): Promise<ControlPlane> {
  const found = find(version);
  const needed: Program[] = [
    'etcd',
    'kube-apiserver',
    ...(controllers ? (['kube-controller-manager', 'kube-scheduler'] as const) : []),
  ];
  const missing = found.missing.filter(({ program }) => needed.includes(program));
  if (missing.length > 0) throw new Error(describeMissing(missing));
  const program = (name: Program) => found.paths[name] as string;

  const home = nest();
  try {
    const [etcdPort, peerPort, port] = (await freePorts(3)) as [number, number, number];
    const etcdUrl = `http://127.0.0.1:${etcdPort}`;
    const peerUrl = `http://127.0.0.1:${peerPort}`;
    const url = `https://${address}:${port}`;
    const token = randomUUID();
    writeKeys(home.folder);
    writeFileSync(join(home.folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`);
    writeFileSync(join(home.folder, 'audit-policy.yaml'), stringify(AUDIT_POLICY));

    const etcd = home.start('etcd', program('etcd'), [
      '--unsafe-no-fsync',
      `--data-dir=${join(home.folder, 'etcd')}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
    ]);
    const server = home.start('kube-apiserver', program('kube-apiserver'), [
      `--etcd-servers=${etcdUrl}`,
      '--cert-dir=certs',
      `--secure-port=${port}`,
      `--bind-address=${address}`,
      `--advertise-address=${address}`,
      '--service-account-key-file=sa.pub',
      '--service-account-signing-key-file=sa.key',
      '--service-account-issuer=https://kubernetes.default.svc',
      '--token-auth-file=tokens.csv',
      '--authorization-mode=RBAC',
      '--service-cluster-ip-range=10.0.0.0/24',
      '--allow-privileged=true',
      // Nobody makes the default service accounts without a controller manager, and pods would wait for them.
      ...(controllers ? [] : ['--disable-admission-plugins=ServiceAccount']),
      ...(audit ? ['--audit-policy-file=audit-policy.yaml', '--audit-log-path=audit.log'] : []),
    ]);
    const certificate = join(home.folder, 'certs', 'apiserver.crt'); // self-signed, followed by its authority
    await ready(home, { etcd, 'kube-apiserver': server }, async () => {
      const ca = readFileSync(certificate, 'utf8');
      return (await connect({ url, token, ca }).request('GET', '/readyz')).body === 'ok';
    });

    const ca = readFileSync(certificate, 'utf8');
    const api = connect({ url, token, ca });
    const kubeconfig = join(home.folder, 'kubeconfig');
    writeFileSync(kubeconfig, kubeconfigOf(url, ca, token));
    const controlled = async () => {
      const defaultAccount = '/api/v1/namespaces/default/serviceaccounts/default'; // made by a controller, so that one works
      const processes = startControllers(home, kubeconfig, program);
      await ready(home, processes, async () => (await api.request('GET', defaultAccount)).status === 200);
    };
    if (controllers === true) await controlled();
    return {
      version: found.version,
      url,
      ca,
      kubeconfig,
      folder: home.folder,
      api,
      apiAs: other => connect({ url, token: other, ca }),
      startControllers: controlled,
      audited: () => linesOf(join(home.folder, 'audit.log')).map(line => JSON.parse(line) as AuditedRequest),
      pause: () => void server.kill('SIGSTOP'),
      resume: () => void server.kill('SIGCONT'),
      stop: () => home.stop(),
    };
  } catch (error) {
    await home.stop();
    throw error;
  }
}

function startControllers(home: Nest, kubeconfig: string, program: (name: Program) => string): Processes {
  const common = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'];
  const manager = home.start('kube-controller-manager', program('kube-controller-manager'), [
    ...common,
    '--service-account-private-key-file=sa.key',
    // Every 15 seconds otherwise: a test would mostly wait.
    '--horizontal-pod-autoscaler-sync-period=2s',
    // Nodes here are made by tests and no kubelet renews their leases: the lifecycle controllers would evict from them.
    '--controllers=*,-nodeipam,-nodelifecycle,-cloud-node-lifecycle',
  ]);
  const scheduler = home.start('kube-scheduler', program('kube-scheduler'), common);
  return { 'kube-controller-manager': manager, 'kube-scheduler': scheduler };
}

type Processes = Readonly<Record<string, ChildProcess>>;

/** @param processes by log name; one that ends before all is ready ends the start, and says why */
async function ready(home: Nest, processes: Processes, probe: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await probe().catch(() => false))) {
    const dead = Object.entries(processes).find(
      ([, { exitCode, signalCode }]) => exitCode !== null || signalCode !== null,
    );
    const late = Date.now() > deadline;
    if (dead || late) {
      const name = dead?.[0] ?? (Object.keys(processes).at(-1) as string);
      const what = dead ? 'ended' : `was not ready within ${READY_WITHIN_MS / 1000} s`;
      throw new Error(`${name} ${what}; its last words:\n${home.tail(name)}`);
    }
    await sleep(100);
  }
}

function writeKeys(folder: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(join(folder, 'sa.key'), privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'sa.pub'), publicKey);
}

const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  // What was answered is enough; a watch is told of when it begins, and when it ends.
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata', userGroups: ['system:serviceaccounts'] }, { level: 'None' }],
};

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

function kubeconfigOf(server: string, ca: string, token: string): string {
  const name = 'drydock';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}
