import { ApiObject, ApiObjectMetadataDefinition, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';

/** The shape that every typed object of `imports/` has. */
export interface KubeManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: object;
}

/** Metadata with which an object starts its life in the tree. */
export interface KubeMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly finalizers?: string[];
}

/** What an object says besides its head. */
export type Body<T> = Omit<T, 'apiVersion' | 'kind' | 'metadata'>;

/**
 * The last word on an object that a construct makes: it gets the finished object, typed, and changes it in place.
 *
 * @example
 * patch: { deployment: it => { it.spec!.template.spec!.hostAliases = [{ ip: '10.0.0.7', hostnames: ['legacy'] }]; } }
 */
export type Patch<T> = (object: T) => void;

/**
 * One Kubernetes object as plain, typed data: each field written arrives, whatever the Kubernetes minor (the classes that
 * cdk8s generates leave out what they do not know). The body may be a function; it is called at render, when all wiring
 * is known, and its result keeps its type on the way (`Lazy.any` would lose it).
 *
 * @example
 * new KubeObject<ConfigMap>(this, 'greeting', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'greeting' } },
 *   { data: { hello: 'world' } });
 */
export class KubeObject<T extends KubeManifest> extends ApiObject {
  /** Tells the render that this class leaves no field out, so that it need not compare. */
  readonly keepsEveryField = true;
  readonly #body: () => Body<T>;
  readonly #patches: JsonPatch[] = [];

  constructor(
    scope: Construct,
    id: string,
    head: Pick<T, 'apiVersion' | 'kind'> & { readonly metadata: KubeMetadata },
    body: Body<T> | (() => Body<T>),
    private readonly patch?: Patch<T>,
  ) {
    // Of its metadata cdk8s needs the name only; ours says the rest.
    super(scope, id, { apiVersion: head.apiVersion, kind: head.kind, metadata: { name: head.metadata.name } });
    this.#body = typeof body === 'function' ? (body as () => Body<T>) : () => body;
    const labels = { ...this.chart.labels, ...head.metadata.labels };
    Object.assign(this, { metadata: new PlainMetadata({ ...head.metadata, labels, apiObject: this }) });
  }

  override addJsonPatch(...patches: JsonPatch[]): void {
    this.#patches.push(...patches);
  }

  override toJson(): unknown {
    const json = { apiVersion: this.apiVersion, kind: this.kind, metadata: this.metadata.toJson(), ...this.#body() };
    // A patch may reach deep into values that several objects share.
    const own = this.patch ? structuredClone(json) : json;
    if (this.patch?.(own as unknown as T) !== undefined) {
      throw new Error(`${this.node.path}: its patch returns a value; change the object that it is given, in place`);
    }
    return this.#patches.length > 0 ? JsonPatch.apply(own, ...this.#patches) : own;
  }
}

/**
 * cdk8s's metadata without its search for lazy tokens, which these objects never hold: a third of the time of a render of
 * 16,000 objects.
 */
class PlainMetadata extends ApiObjectMetadataDefinition {
  override toJson(): unknown {
    const { labels, annotations, finalizers, ownerReferences, _additionalAttributes: rest } = this.#base;
    const json: Record<string, unknown> = { ...rest, name: this.name };
    if (this.namespace !== undefined) json.namespace = this.namespace;
    // Empty lists and maps say nothing; cdk8s leaves them out too.
    for (const [field, value] of Object.entries({ annotations, finalizers, labels, ownerReferences })) {
      if (Object.keys(value).length > 0) json[field] = value;
      else delete json[field];
    }
    return json;
  }

  /** What `addLabel` and its like collect; private in cdk8s only by name. */
  get #base() {
    return this as unknown as Record<
      'labels' | 'annotations' | 'finalizers' | 'ownerReferences' | '_additionalAttributes',
      object
    >;
  }
}
