import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Container, HTTPGetAction, IntOrString, Probe } from '../../../imports/kubernetes.ts';
import type { RunningContainer } from './container.ts';

export interface Verdict {
  readonly ok: boolean;
  /** The answer, or why there was none. */
  readonly said: string;
}

/** Asks once, as the kubelet does: from outside the pod, certificates not verified, 200 to 399 is well. */
export async function probeOnce(
  probe: Probe,
  { spec, ip, running }: { spec: Container; ip: string; running: RunningContainer | undefined },
): Promise<Verdict> {
  const timeoutSeconds = probe.timeoutSeconds ?? 1;
  if (!running || running.exitCode !== undefined) return { ok: false, said: 'the container does not run' };
  if (probe.exec) {
    const { code, stdout, stderr } = await running.exec(probe.exec.command ?? [], { timeoutSeconds });
    return { ok: code === 0, said: `code ${code}: ${(stdout + stderr).trim()}` };
  }
  if (probe.httpGet)
    return httpGet(probe.httpGet, probe.httpGet.host ?? ip, portOf(probe.httpGet.port, spec), timeoutSeconds);
  if (probe.tcpSocket)
    return tcpConnect(probe.tcpSocket.host ?? ip, portOf(probe.tcpSocket.port, spec), timeoutSeconds);
  throw new Error(`${spec.name}: a probe of a kind that test/real/pods/probes.ts does not know; add it there`);
}

function httpGet(
  { path = '/', scheme = 'HTTP', httpHeaders = [] }: HTTPGetAction,
  host: string,
  port: number,
  timeoutSeconds: number,
): Promise<Verdict> {
  return new Promise(done => {
    const headers = { Connection: 'close', ...Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value])) };
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const options = { host, port, path, headers, signal, rejectUnauthorized: false };
    const asking = (scheme === 'HTTPS' ? httpsRequest : httpRequest)({ ...options, agent: false }, answer => {
      const status = answer.statusCode ?? 0;
      let body = '';
      answer.on('data', (chunk: Buffer) => {
        body += chunk;
      });
      answer.on('error', error => done({ ok: false, said: error.message }));
      answer.on('end', () => done({ ok: status >= 200 && status < 400, said: `${status} ${body}`.trim() }));
    });
    asking.on('error', error => done({ ok: false, said: error.message }));
    asking.end();
  });
}

function tcpConnect(host: string, port: number, timeoutSeconds: number): Promise<Verdict> {
  return new Promise(done => {
    const socket = connect({ host, port, timeout: timeoutSeconds * 1000 });
    const end = (ok: boolean, said: string) => {
      socket.destroy();
      done({ ok, said });
    };
    socket.once('connect', () => end(true, 'connected'));
    socket.once('timeout', () => end(false, 'timed out'));
    socket.once('error', error => end(false, error.message));
  });
}

function portOf(port: IntOrString, { ports = [], name }: Container): number {
  const number = typeof port === 'number' ? port : ports.find(each => each.name === port)?.containerPort;
  if (number === undefined)
    throw new Error(`${name}: its probe asks the port ${port}, which it does not name; name it`);
  return number;
}
