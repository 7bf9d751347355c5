import { Size } from 'cdk8s';

/**
 * The size of a volume. One that has grown says with which size it was made, too: Kubernetes never lets a StatefulSet's
 * template of claims change, while the claims themselves may grow (never shrink).
 *
 * @example storage: { created: Size.gibibytes(100), now: Size.gibibytes(200) }
 */
export type Storage = Size | { readonly created: Size; readonly now: Size };

/** @throws where it is no size, or has shrunk */
export function storageOf(path: string, storage: Storage): { readonly created: Size; readonly now: Size } {
  const { created, now } = storage instanceof Size ? { created: storage, now: storage } : (storage ?? {});
  for (const [field, size] of Object.entries({ created, now })) {
    if (!(size instanceof Size) || !(size.toMebibytes() >= 1))
      throw new Error(
        `${path}: storage.${field} is ${size instanceof Size ? `${size.toMebibytes()} MiB` : JSON.stringify(size)}; write Size.gibibytes(100)`,
      );
  }
  if (now!.toMebibytes() < created!.toMebibytes())
    throw new Error(
      `${path}: storage shrinks from ${created!.toMebibytes()} to ${now!.toMebibytes()} MiB; a volume only grows: for a smaller one restore into a new database`,
    );
  return { created: created!, now: now! };
}
