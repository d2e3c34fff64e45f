/** True when `uri` may come from this URI template (RFC 6570): each `{expression}` stands for any characters. */
export function matchesTemplate(template: string, uri: string): boolean {
  const [first = '', ...others] = template.split(/\{[^{}]*\}/);
  if (!uri.startsWith(first)) return false;
  let rest = uri.slice(first.length);
  // Step by step rather than by a pattern: a server chooses the template, and could choose one that takes for ever.
  for (const [index, literal] of others.entries()) {
    const isLast = index === others.length - 1;
    const at = isLast && literal !== '' ? rest.lastIndexOf(literal) : rest.indexOf(literal);
    if (at === -1) return false;
    rest = isLast && literal === '' ? '' : rest.slice(at + literal.length);
  }
  return rest === '';
}
