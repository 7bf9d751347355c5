/** The kind of an object as `apps/v1/Deployment`: one text for all objects of a kind, which maps find without reading it again. */
export function kindOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  let kinds = known.get(apiVersion);
  if (kinds === undefined) {
    kinds = new Map();
    known.set(apiVersion, kinds);
  }
  let text = kinds.get(kind);
  if (text === undefined) {
    text = `${apiVersion}/${kind}`;
    kinds.set(kind, text);
  }
  return text;
}

const known = new Map<string, Map<string, string>>();
