import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { StaticSite } from '../../charts/index.ts';
import { freePorts, type Nest, nest } from '../../tools/control-plane/processes.ts';
import { rendered, system } from '../charts/fixture.ts';

const NGINX = '/usr/sbin/nginx';
const SCRIPT = `${'console.log("a line of script");\n'.repeat(200)}`;
const INDEX = '<!doctype html><title>pos</title>';

const PAGES: Readonly<Record<string, string | Buffer>> = {
  'index.html': INDEX,
  'favicon.ico': 'icon',
  'assets/app-1a2b3c.js': SCRIPT,
  'assets/ready-made.css': 'the plain one',
  'assets/ready-made.css.gz': gzipSync('the one that the build compressed'),
  'assets/.map': 'hidden',
  '.env': 'hidden',
};

let home: Nest;
let base: string;

/** A rendered site's files, each where a pod would find it, below a folder of the test's own. */
beforeAll(async () => {
  if (!existsSync(NGINX)) throw new Error('nginx is missing; `npm run test:tools` installs it (Debian: nginx)');
  home = nest();
  const [port] = (await freePorts(1)) as [number];
  const html = path.join(home.folder, 'html');
  for (const [file, content] of Object.entries(PAGES)) put(path.join(html, file), content);
  const { server, config } = renderedFiles();
  put(path.join(html, 'config.json'), config);
  put(
    path.join(home.folder, 'conf.d/default.conf'),
    [
      ['listen 8080;', `listen 127.0.0.1:${port};`],
      ['root /usr/share/nginx/html;', `root ${html};`],
    ].reduce((text, [from, to]) => substituted(text, from!, to!), server),
  );
  put(path.join(home.folder, 'nginx.conf'), asInTheImage(home.folder));
  const nginx = home.start('nginx', NGINX, ['-e', 'stderr', '-c', path.join(home.folder, 'nginx.conf')]);
  base = `http://127.0.0.1:${port}`;
  await vi
    .waitFor(() => fetch(`${base}/livez`), { timeout: 10_000 })
    .catch(() => {
      throw new Error(`nginx does not answer (exit code ${nginx.exitCode}):\n${home.tail('nginx')}`);
    });
});

afterAll(() => home?.stop());

function renderedFiles(): { server: string; config: string } {
  const shop = system();
  const props = { image: 'ghcr.io/shop/pos:1.0.0', replicas: 2, config: { apiUrl: 'https://api.example.org' } };
  new StaticSite(shop, 'pos', props).expose({ host: 'pos.staging.example.org' });
  const data = rendered(shop).objects['ConfigMap pos']!.data as Record<string, string>;
  return {
    server: data['etc_nginx_conf.d_default.conf']!,
    config: data['usr_share_nginx_html_config.json']!,
  };
}

function put(file: string, content: string | Buffer): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** What differs from the rendered text is said, and is there once. */
function substituted(text: string, from: string, to: string): string {
  expect(text.split(from)).toHaveLength(2);
  console.info(`static-site.test.ts: "${from}" is "${to}" here`);
  return text.replace(from, to);
}

/** The nginx.conf of nginx-unprivileged, but for `/tmp`; one process, so that nothing outlives the test. */
function asInTheImage(tmp: string): string {
  const folders = ['proxy', 'client_body', 'fastcgi', 'uwsgi', 'scgi'].map(of => `${of}_temp_path ${tmp}/${of};`);
  return `daemon off;
master_process off;
error_log stderr notice;
pid ${tmp}/nginx.pid;
events { worker_connections 1024; }
http {
  ${folders.join('\n  ')}
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  log_format main '$remote_addr - $remote_user [$time_local] "$request" $status';
  access_log ${tmp}/never.log main;
  sendfile on;
  keepalive_timeout 65;
  include ${tmp}/conf.d/*.conf;
}
`;
}

function ask(asked: string, init: RequestInit = {}): Promise<Response> {
  return fetch(base + asked, init);
}

const YEAR = 'public, max-age=31536000, immutable';
const HOUR = 'max-age=3600';

test.each<[string, number, string, string | null, string]>([
  ['/', 200, 'no-cache', HOUR, 'text/html'],
  ['/index.html', 200, 'no-cache', HOUR, 'text/html'],
  ['/sales/42?tab=items', 200, 'no-cache', HOUR, 'text/html'],
  ['/assets', 200, 'no-cache', HOUR, 'text/html'],
  ['/favicon.ico', 200, 'no-cache', HOUR, 'image/x-icon'],
  ['/config.json', 200, 'no-cache', null, 'application/json'],
  ['/assets/app-1a2b3c.js', 200, YEAR, null, 'javascript'],
  ['/assets/app-of-yesterday.js', 404, 'no-store', null, 'text/html'],
  ['/assets/', 404, 'no-store', null, 'text/html'],
  ['/.env', 404, 'no-store', null, 'text/html'],
  ['/assets/.map', 404, 'no-store', null, 'text/html'],
  ['/livez', 200, 'no-store', null, 'text/plain'],
  ['/readyz', 200, 'no-store', null, 'text/plain'],
])('%s is answered %i and kept %j, by the CDN %j', async (asked, status, kept, byCdn, type) => {
  const answer = await ask(asked);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('cache-control')).toBe(kept);
  expect(answer.headers.get('cdn-cache-control')).toBe(byCdn);
  // What a release changes under its old name is found again; assets are kept.
  expect(answer.headers.get('cache-tag')).toBe(kept === 'no-cache' ? 'shop-pos' : null);
  expect(answer.headers.get('content-type')).toContain(type);
  expect(answer.headers.get('server')).toBe('nginx');
});

test('a path that is no file is the page’s own; config.json is what was rendered', async () => {
  expect(await (await ask('/sales/42')).text()).toBe(INDEX);
  expect(await (await ask('/config.json')).json()).toEqual({ apiUrl: 'https://api.example.org' });
});

test('an unchanged asset is not sent again; index.html always is, whatever its time', async () => {
  const asset = await ask('/assets/app-1a2b3c.js');
  const again = await ask('/assets/app-1a2b3c.js', { headers: { 'If-None-Match': asset.headers.get('etag')! } });
  expect(again.status).toBe(304);
  expect(again.headers.get('cache-control')).toBe(YEAR);
  for (const asked of ['/', '/index.html', '/sales/42']) {
    const { headers } = await ask(asked);
    expect([headers.get('etag'), headers.get('last-modified')]).toEqual([null, null]);
  }
});

test('who only asks for the head gets no body', async () => {
  const answer = await ask('/', { method: 'HEAD' });
  expect([answer.status, answer.headers.get('cache-control'), await answer.text()]).toEqual([200, 'no-cache', '']);
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused everywhere', async method => {
  for (const asked of ['/', '/livez', '/config.json', '/assets/app-1a2b3c.js']) {
    const answer = await ask(asked, { method });
    expect([answer.status, answer.headers.get('allow'), answer.headers.get('cache-control')]).toEqual([
      405,
      'GET, HEAD',
      'no-store',
    ]);
  }
});

test('text is compressed for who can read it, and caches are told; what the build compressed is kept', async () => {
  const [packed, plain, made] = await Promise.all([
    // Behind the edge it is asked through a proxy.
    ask('/assets/app-1a2b3c.js', { headers: { 'Accept-Encoding': 'gzip', Via: '1.1 edge' } }),
    ask('/assets/app-1a2b3c.js', { headers: { 'Accept-Encoding': 'identity' } }),
    ask('/assets/ready-made.css', { headers: { 'Accept-Encoding': 'gzip' } }),
  ]);
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(plain.headers.get('content-encoding')).toBeNull();
  for (const answer of [packed, plain, made]) expect(answer.headers.get('vary')).toBe('Accept-Encoding');
  expect(await packed.text()).toBe(SCRIPT);
  expect(await plain.text()).toBe(SCRIPT);
  expect(await made.text()).toBe('the one that the build compressed');
});

test('each request is a line of JSON with the id that it came with, without its query; health is none', async () => {
  await ask('/livez');
  await ask('/readyz');
  await ask('/callback?code=for-nobody-else', { headers: { 'X-Request-Id': 'abc-123' } });
  await ask('/forged', { headers: { 'X-Request-Id': '"} {"status":"500' } });
  const lines = await vi.waitFor(() => {
    const read = logged();
    expect(read.some(({ uri }) => uri === '/forged')).toBe(true);
    return read;
  });
  expect(lines.find(({ correlation_id }) => correlation_id === 'abc-123')).toMatchObject({
    method: 'GET',
    uri: '/callback',
    status: '200',
  });
  expect(lines.find(({ uri }) => uri === '/forged')!.correlation_id).toMatch(/^[0-9a-f]{32}$/);
  expect(home.tail('nginx', 1000)).not.toContain('for-nobody-else');
  expect(lines.filter(({ uri, method }) => uri?.endsWith('z') && method === 'GET')).toEqual([]);
  expect(readFileSync(path.join(home.folder, 'never.log'), 'utf8')).toBe('');
});

function logged(): Record<string, string>[] {
  return home
    .tail('nginx', 1000)
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Record<string, string>);
}

test('without index.html it lives, is not ready, and answers 404', async () => {
  rmSync(path.join(home.folder, 'html/index.html'));
  expect((await ask('/livez')).status).toBe(200);
  const [ready, page] = [await ask('/readyz'), await ask('/sales/42')];
  expect([ready.status, ready.headers.get('cache-control')]).toEqual([503, 'no-store']);
  expect([page.status, page.headers.get('cache-control')]).toEqual([404, 'no-store']);
});
