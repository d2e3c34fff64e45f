/** Whether one of `patterns` fits the whole of `text`; in a pattern `*` stands for any text, slashes included. */
export function matchesAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => isMadeOf(text, pattern.split('*')));
}

/** What has a name that fits one of `include` and none of `exclude`. */
export function chosenBy(
  include: readonly string[] = ['*'],
  exclude: readonly string[] = [],
): (item: { name: string }) => boolean {
  return ({ name }) => matchesAny(include, name) && !matchesAny(exclude, name);
}

/** How much of a URI is in this template word for word (RFC 6570: each expression stands for any text), plus 1; 0 when it does not fit. */
export function templateFit(uriTemplate: string, uri: string): number {
  const pieces = uriTemplate.split(/\{[^{}]*\}/);
  return isMadeOf(uri, pieces) ? pieces.join('').length + 1 : 0;
}

/** No regular expression: what servers name and ask for must not make one slow. */
function isMadeOf(text: string, pieces: readonly string[]): boolean {
  const [first = '', ...middle] = pieces;
  const last = middle.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let end = first.length;
  for (const piece of middle) {
    const start = text.indexOf(piece, end);
    if (start === -1) return false;
    end = start + piece.length;
  }
  return end + last.length <= text.length && text.endsWith(last);
}
