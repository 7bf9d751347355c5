import { type ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { Site } from './cluster.ts';
import { COMPONENT, COST_CENTER, ENVIRONMENT, MANAGED_BY, OWNER, PART_OF } from './conventions.ts';
import { systemDashboard } from './dashboard/system-dashboard.ts';
import { Layer } from './layer.ts';
import { NetworkEdges } from './network.ts';
import { destinations } from './telemetry.ts';
import type { Wire } from './wiring.ts';

export interface SystemProps {
  /** The cluster and the part the system plays in it. */
  readonly site: Site;
  /** The team that answers for it. */
  readonly owner: string;
  /** Who pays. */
  readonly costCenter: string;
  /** Where its logs go. @default the cluster's Loki, as well where the cluster has no Elasticsearch */
  readonly logs?: 'loki' | 'elastic';
  /** Where its traces go. @default the cluster's Tempo, as well where the cluster has no Jaeger */
  readonly traces?: 'tempo' | 'jaeger';
}

interface ObjectHead {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** The two halves of a unit. They sync apart: what is replaced every day, and what must survive. */
export type LayerName = 'services' | 'data';

/**
 * One system in one cluster. It brings its namespaces with their guards (default deny, pod security `restricted`, quota,
 * limits) and labels every object below it with system, owner, environment and cost centre.
 */
export class System extends Chart {
  readonly site: Site;
  readonly owner: string;
  /** What its namespaces tell the collector. */
  readonly telemetry: Readonly<Record<string, string>>;
  readonly #layers = new Map<LayerName, Layer>();
  readonly #labels: Record<string, string>;

  constructor(
    scope: Construct,
    readonly name: string,
    { site, owner, costCenter, logs, traces }: SystemProps,
  ) {
    super(scope, name);
    this.#labels = Object.freeze({
      [PART_OF]: name,
      [COMPONENT]: name,
      [MANAGED_BY]: 'drydock',
      [ENVIRONMENT]: site.tier,
      [OWNER]: owner,
      [COST_CENTER]: costCenter,
    });
    this.site = site;
    this.owner = owner;
    this.telemetry = destinations(this.node.path, { logs, traces });
    for (const [label, value] of Object.entries({ name, owner, costCenter })) {
      if (!/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(value ?? '')) {
        throw new Error(
          `${this.node.path}: ${label} is "${value}"; it becomes a label: letters, digits, - _ . and 63 characters at most`,
        );
      }
    }
    this.layer('services');
  }

  /** The system at a glance, once it has something to show. */
  showOverview(): void {
    if (this.node.tryFindChild('dashboard') === undefined) systemDashboard(this);
  }

  /** Labels of every object of the unit. */
  override get labels(): Record<string, string> {
    return this.#labels;
  }

  /** The system that a construct stands in. */
  static override of(construct: IConstruct): System {
    // Chart makes `instanceof` true for any chart, so the prototype is asked.
    const system = construct.node.scopes.find(scope => Object.prototype.isPrototypeOf.call(System.prototype, scope));
    if (system === undefined) {
      throw new Error(`${construct.node.path}: stands in no System; create it below a class that extends System`);
    }
    return system as System;
  }

  /** A layer of this unit; the data layer comes into being with the first construct that needs it. */
  layer(name: LayerName): Layer {
    let layer = this.#layers.get(name);
    if (layer === undefined) {
      layer = new Layer(this, name, { namespace: name === 'services' ? this.name : `${this.name}-${name}` });
      this.#layers.set(name, layer);
    }
    return layer;
  }

  get layers(): readonly Layer[] {
    return [...this.#layers.values()];
  }

  /** Every wire of the unit, each once. */
  get wiring(): readonly Wire[] {
    return this.node.findAll().flatMap(construct => (construct instanceof NetworkEdges ? construct.own : []));
  }

  /** The layer that a construct stands in: the one it was created below, else `services`. */
  layerAt(construct: IConstruct): Layer {
    return this.layers.find(layer => construct.node.scopes.includes(layer)) ?? this.layer('services');
  }

  /** The layer that carries an object: that of its namespace, else the one its construct stands in. */
  layerOf({ kind, metadata }: ObjectHead, construct: IConstruct): LayerName {
    const namespace = kind === 'Namespace' ? metadata.name : metadata.namespace;
    return (this.layers.find(layer => layer.namespace === namespace) ?? this.layerAt(construct)).name;
  }

  /** Where the render puts what stands in the unit. */
  get place() {
    return {
      namespaceOf: (construct: IConstruct) => this.layerAt(construct).namespace,
      layerOf: (object: ObjectHead, construct: IConstruct) => this.layerOf(object, construct),
    };
  }

  /** cdk8s would make a name from a hash of the construct path: another name, and so another object, after every move. */
  override generateObjectName(object: ApiObject): string {
    throw new Error(`${object.node.path}: a ${object.kind} without metadata.name; give it one`);
  }
}
