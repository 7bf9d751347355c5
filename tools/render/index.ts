import { ApiObject, type App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { explain } from './explain.ts';
import type { Finding } from './finding.ts';
import { identityOf, kindOf, type Manifest, type Rendered } from './manifest.ts';
import { fits, placeOf } from './place.ts';
import { type Unplain, unplain } from './plain.ts';
import { vanished } from './vanished.ts';

/** What the render must know of the API to complete and place an object. */
export interface Kinds {
  /** Whether a kind (`apps/v1/Deployment`) lives in a namespace; `undefined` for a kind nobody imported. */
  namespaced(kind: string): boolean | undefined;
  /** Kinds whose name more than one API group uses. */
  readonly ambiguous: ReadonlySet<string>;
}

/** Where a unit's objects go. */
export interface Place {
  /** The cluster's name, for findings. */
  readonly cluster: string;
  /** The unit's folder below `dist/`, e.g. `staging/zapora`. */
  readonly folder: string;
  /** The namespace of a namespaced object that names none. */
  namespaceOf(construct: IConstruct): string;
  /** The layer that carries an object. */
  layerOf(manifest: Manifest, construct: IConstruct): string;
}

export interface Render {
  readonly objects: readonly Rendered[];
  readonly findings: readonly Finding[];
}

/** Turns one unit's construct tree into complete, plain, unique objects in a stable order; what cannot be is a finding. */
export function render(app: App, place: Place, kinds: Kinds): Render {
  const objects: Rendered[] = [];
  const findings: Finding[] = [];
  const taken = new Taken();

  for (const construct of app.node.findAll()) {
    const report: Report = (rule, given, remedy) =>
      findings.push({ cluster: place.cluster, construct: construct.node.path, rule, given, remedy });

    for (const message of construct.node.validate())
      report('construct-validation', message, 'mend what the construct names');
    if (!ApiObject.isApiObject(construct)) continue;

    const manifest = manifestOf(construct, report);
    if (manifest === undefined) continue;
    complete(manifest, kinds, () => place.namespaceOf(construct), report);

    const layer = place.layerOf(manifest, construct);
    const file = `${place.folder}/${layer}/${placeOf(manifest, kinds.ambiguous)}`;
    const rendered: Rendered = { construct: construct.node.path, file, layer, manifest };
    if (!fits(file))
      report('file-name', `the file name of ${identityOf(manifest)} is over 255 bytes`, 'shorten its name');
    taken.take(rendered, report);
    objects.push(rendered);
  }
  objects.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  return { objects, findings };
}

/** The identities and paths that a unit's objects have taken. */
class Taken {
  readonly #identities = new Map<string, Rendered>();
  readonly #files = new Map<string, Rendered>();

  take(rendered: Rendered, report: Report): void {
    const identity = identityOf(rendered.manifest);
    // Two names that differ in capitals only are two objects for Kubernetes and one file for macOS.
    const file = rendered.file.toLowerCase();
    const twin = this.#identities.get(identity);
    const neighbour = this.#files.get(file);
    if (twin) {
      report('duplicate-object', `${identity} is also made by ${twin.construct}`, 'rename or remove one of them');
    } else if (neighbour) {
      report('one-path', `${rendered.file} is also the file of ${neighbour.construct}`, 'rename one of them');
    }
    this.#identities.set(identity, rendered);
    this.#files.set(file, rendered);
  }
}

type Report = (rule: string, given: string, remedy: string) => void;

function manifestOf(object: ApiObject, report: Report): Manifest | undefined {
  let json: unknown;
  try {
    json = object.toJson();
  } catch (error) {
    const { given, remedy } = explain(error, object.node.path);
    report('render', given, remedy);
    return undefined;
  }
  for (const field of vanished(object, json)) {
    report(
      'vanished-field',
      `${field} would vanish`,
      `write the object as \`new KubeObject(…)\`, whose fields all arrive`,
    );
  }
  const problems = [...nulls(object), ...unplain(json)];
  for (const { at, given } of problems) {
    report('plain-data', `${at} is ${given}`, 'give a string, number, boolean, list or map, or leave the field out');
  }
  return problems.length > 0 ? undefined : (json as Manifest);
}

/** Nulls in an object's own props, which cdk8s drops before anyone sees them. */
function nulls(object: ApiObject): Unplain[] {
  const found: Unplain[] = [];
  if (object.toJson === ApiObject.prototype.toJson) {
    const { props } = object as unknown as { props: Record<string, unknown> };
    visit(props, '');
  }
  return found;

  function visit(value: unknown, at: string): void {
    if (value === null) found.push({ at, given: 'null' });
    else if (Array.isArray(value) || Object.getPrototypeOf(value ?? '') === Object.prototype) {
      for (const [key, field] of Object.entries(value as object)) visit(field, at === '' ? key : `${at}.${key}`);
    }
  }
}

function complete(manifest: Manifest, kinds: Kinds, namespace: () => string, report: Report): void {
  const { metadata } = manifest;
  const namespaced = kinds.namespaced(kindOf(manifest));
  if (namespaced === true) metadata.namespace ??= namespace();
  if (namespaced === false && metadata.namespace !== undefined) {
    report(
      'scope',
      `metadata.namespace is "${metadata.namespace}" on a ${manifest.kind}, which belongs to the whole cluster`,
      'leave the namespace out',
    );
  }
}
