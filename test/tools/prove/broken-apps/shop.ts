import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  Cpu,
  CronJob,
  Duration,
  Job,
  KubeObject,
  type Site,
  Size,
  System,
  secret,
  WebService,
  Worker,
} from '../../../../charts/index.ts';
import { Database } from './database.ts';

const size = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };
const metrics = { port: 9090, queueGauge: 'mails_waiting' };

/** An app with one of everything that a law judges, in which nothing is wrong. */
export class Shop extends System {
  readonly api: WebService;

  constructor(scope: Construct, site: Site) {
    super(scope, 'shop', { site, owner: 'ordering', costCenter: 'shop' });
    this.api = new WebService(this, 'api', {
      ...size,
      image: 'ghcr.io/shop/api:1.4.2',
      port: 8000,
      replicas: { min: 2, max: 4, targetCpuPercent: 70 },
      env: { DATABASE_URL: secret('database'), LOG_LEVEL: 'info' },
      files: { '/etc/shop/api.yaml': 'workers: 4\n' },
    });
    this.api.expose({ host: `api.${site.domain}` });
    new WebService(this, 'menu', {
      ...size,
      image: 'ghcr.io/shop/menu:1.4.2',
      port: 8000,
      replicas: 2,
      env: { API_URL: this.api.url },
      rights: [{ verbs: ['get'], resources: ['configmaps'], names: ['menu'] }],
    });
    new Worker(this, 'mailer', {
      ...size,
      image: 'ghcr.io/shop/mailer:1.4.2',
      port: 8000,
      replicas: { min: 2, max: 4, targetQueueLength: 100 },
      metrics,
      spot: true,
    });
    const deadline = Duration.minutes(10);
    new CronJob(this, 'report', { ...size, image: 'ghcr.io/shop/report:1.4.2', schedule: '0 3 * * *', deadline });
    new Job(this, 'migrate', { ...size, image: 'ghcr.io/shop/api:1.4.2', runs: 'before the rollout', deadline });
    new Database(this, 'database', { ...size, image: 'docker.io/library/postgres:18.1' });
  }

  /** The construct of an object, as `<Kind> <name>`. */
  object(what: string): ApiObject {
    const found = this.node
      .findAll()
      .filter(each => ApiObject.isApiObject(each))
      .find(({ kind, name }) => `${kind} ${name}` === what);
    if (found === undefined) throw new Error(`the shop has no ${what}`);
    return found;
  }

  /** One object more, by its head as `v1/ConfigMap limits`; in the app's namespace unless told otherwise. */
  add(head: string, body: object, metadata: object = { namespace: this.name }): void {
    const [, apiVersion = '', kind = '', name = ''] = /^(.+)\/(\w+) (.+)$/.exec(head) ?? [];
    new KubeObject(this, `${kind}-${name}`, { apiVersion, kind, metadata: { name, ...metadata } }, body);
  }
}
