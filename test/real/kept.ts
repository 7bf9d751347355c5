/** Every field of `sent` that `answered` lacks or has otherwise: what the server dropped or bent. */
export function changed(sent: unknown, answered: unknown, at = ''): string[] {
  if (Array.isArray(sent)) {
    if (!Array.isArray(answered) || answered.length !== sent.length) return [`${at}: sent ${sent.length} items`];
    return sent.flatMap((item, index) => changed(item, answered[index], `${at}[${index}]`));
  }
  if (typeof sent === 'object' && sent !== null) {
    return Object.entries(sent).flatMap(([key, value]) => {
      // An empty map that the server leaves out says the same.
      const other = (answered as Record<string, unknown> | undefined)?.[key];
      return changed(value, other ?? (isEmpty(value) ? value : undefined), at === '' ? key : `${at}.${key}`);
    });
  }
  return sent === answered ? [] : [`${at}: sent ${JSON.stringify(sent)}, the server keeps ${JSON.stringify(answered)}`];
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
