import type { Construct } from 'constructs';
import { type Site, System } from '../../charts/index.ts';
import { alertmanager } from './alertmanager/index.ts';
import { platformAlerts } from './alerts/index.ts';
import { certificates } from './certificates.ts';
import { clusterFacts } from './cluster-facts.ts';
import { grafanaAdmin } from './grafana-admin.ts';
import { ingressClass } from './ingress-class.ts';
import { priorities } from './priorities.ts';
import { secretStore } from './secret-store.ts';
import { storage } from './storage.ts';
import { telemetryBackends } from './telemetry-backends.ts';

/** What every other system of a cluster refers to by name. The add-ons that act on it stand in `addons.ts`. */
export class Platform extends System {
  constructor(scope: Construct, site: Site) {
    super(scope, 'platform', { site, owner: 'platform', costCenter: 'platform' });
    clusterFacts(this);
    priorities(this);
    storage(this);
    ingressClass(this);
    certificates(this);
    secretStore(this);
    alertmanager(this);
    grafanaAdmin(this);
    telemetryBackends(this);
    platformAlerts(this);
  }
}
