import { ApiObject } from 'cdk8s';

/**
 * The fields that an author wrote and that the object's class left out. The generated classes of cdk8s-plus-28 know
 * Kubernetes 1.28 only: `appArmorProfile`, or a bare number where they expect an `IntOrString`, disappears without a word.
 */
export function vanished(object: ApiObject, rendered: unknown): string[] {
  if (object.toJson === ApiObject.prototype.toJson || 'keepsEveryField' in object) return [];
  const lost: string[] = [];
  compare(ApiObject.prototype.toJson.call(object), rendered, '', lost);
  return lost;
}

function compare(written: unknown, rendered: unknown, at: string, lost: string[]): void {
  if (written === undefined || written === null) return;
  if (rendered === undefined || rendered === null) {
    lost.push(`${at} ${JSON.stringify(written)}`);
  } else if (Array.isArray(written)) {
    for (const [index, item] of written.entries()) {
      compare(item, (rendered as unknown[])[index], `${at}[${index}]`, lost);
    }
  } else if (typeof written === 'object' && typeof rendered === 'object') {
    const fields = byLowerCase(rendered as Record<string, unknown>);
    for (const [key, value] of Object.entries(written)) {
      compare(value, fields.get(key.toLowerCase()), at === '' ? key : `${at}.${key}`, lost);
    }
  }
}

/** The classes take `clusterIp` and write `clusterIP`. */
function byLowerCase(map: Record<string, unknown>): Map<string, unknown> {
  return new Map(Object.entries(map).map(([key, value]) => [key.toLowerCase(), value]));
}
