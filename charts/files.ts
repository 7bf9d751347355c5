import { createHash } from 'node:crypto';
import path from 'node:path';
import { Construct } from 'constructs';
import type { ConfigMap, Volume, VolumeMount } from '../imports/kubernetes.ts';
import { KubeObject } from './kube-object.ts';
import type { SecretSource } from './secret.ts';
import type { Workload } from './workload.ts';

/** Files of a workload by absolute path: their text, or the secret whose value they hold. */
export type Files = Readonly<Record<string, string | SecretSource>>;

/** Of a ConfigMap's data (kubernetes.io/docs/concepts/configuration/configmap). */
const LARGEST = 1024 * 1024;

/** The files that a workload finds beside its image's own: texts in a ConfigMap, secrets in its Secret. */
export class ConfigFiles extends Construct {
  readonly #texts: { readonly file: string; readonly key: string; readonly text: string }[] = [];
  readonly #secrets: { readonly file: string; readonly key: string }[] = [];

  constructor(
    private readonly workload: Workload,
    files: Files,
  ) {
    super(workload, 'files');
    for (const [file, content] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!path.posix.isAbsolute(file)) {
        throw new Error(`${workload.node.path}: the file "${file}" is no absolute path; write "/etc/${file}"`);
      }
      const key = file.slice(1).replaceAll('/', '_');
      this.#check(file, key);
      if (typeof content === 'string') this.#texts.push({ file, key, text: content });
      else {
        content.request(workload, key);
        this.#secrets.push({ file, key });
      }
    }
    if (this.#texts.length === 0) return;
    const bytes = this.#texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    if (bytes > LARGEST) {
      throw new Error(
        `${workload.node.path}: its files are ${bytes} bytes; a ConfigMap holds ${LARGEST}, so put large ones into the image`,
      );
    }
    new KubeObject<ConfigMap>(
      this,
      'config-map',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: workload.metadata(),
      },
      { data: Object.fromEntries(this.#texts.map(({ key, text }) => [key, text])) },
    );
  }

  /** The grammar of a ConfigMap's keys (kubernetes.io/docs/concepts/configuration/configmap), and one file a key. */
  #check(file: string, key: string): void {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key)) {
      throw new Error(
        `${this.workload.node.path}: the file "${file}" cannot be a key; use letters, digits, - _ . and /`,
      );
    }
    const twin = [...this.#texts, ...this.#secrets].find(other => other.key === key);
    if (twin) {
      throw new Error(
        `${this.workload.node.path}: the files "${twin.file}" and "${file}" would share the key ${key}; rename one`,
      );
    }
  }

  /** Changes with the texts, and so rolls the pods. Of a secret nobody here knows the value: it reaches pods that start anew. */
  get hash(): string | undefined {
    if (this.#texts.length === 0) return undefined;
    const hash = createHash('sha256');
    for (const { file, text } of this.#texts) hash.update(`${file}\0${text}\0`);
    return hash.digest('hex').slice(0, 16);
  }

  get volumes(): Volume[] {
    const { name } = this.workload;
    return [
      ...(this.#texts.length > 0 ? [{ name: 'files', configMap: { name } }] : []),
      ...(this.#secrets.length > 0 ? [{ name: 'secret-files', secret: { secretName: name } }] : []),
    ];
  }

  /** One file, one mount: a whole directory would hide what the image has there. */
  get mounts(): VolumeMount[] {
    const mount = (volume: string) => (each: { file: string; key: string }) => ({
      name: volume,
      mountPath: each.file,
      readOnly: true,
      subPath: each.key,
    });
    return [...this.#texts.map(mount('files')), ...this.#secrets.map(mount('secret-files'))];
  }
}
