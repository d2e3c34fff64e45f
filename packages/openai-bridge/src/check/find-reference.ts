/** What a reference like `#/$defs/node` names in the parameters; undefined when there is nothing there. */
export function findReference(parameters: unknown, reference: string): unknown {
  if (reference === '#') return parameters;
  if (!reference.startsWith('#/')) return undefined;
  let found: unknown = parameters;
  for (const step of unescaped(reference.slice(2)).split('/')) {
    if (typeof found !== 'object' || found === null) return undefined;
    const members = new Map<string, unknown>(Object.entries(found));
    found = members.get(step.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return found;
}

function unescaped(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
