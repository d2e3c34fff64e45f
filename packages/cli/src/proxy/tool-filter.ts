/** Which tools of a server a host gets to see and to call; `*` in a pattern stands for any characters. */
export interface ToolPatterns {
  /** None means every tool. */
  readonly only: readonly string[];
  readonly ignored: readonly string[];
}

/** True for the name of a tool that is passed on. A tool that is both allowed and ignored is not. */
export type ToolFilter = (name: string) => boolean;

/** Makes the filter of `--tools` and `--ignore-tool`. */
export function toolFilter({ only, ignored }: ToolPatterns): ToolFilter {
  const allows = matcher(only);
  const denies = matcher(ignored);
  return (name) => (only.length === 0 || allows(name)) && !denies(name);
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  const parts = patterns.map((pattern) => pattern.split('*'));
  return (name) => parts.some((literals) => matches(name, literals));
}

/** Literals in their order, the first and the last at the ends: linear, whatever the pattern. */
function matches(name: string, [first = '', ...others]: readonly string[]): boolean {
  if (others.length === 0) return name === first;
  const last = others.at(-1) ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let from = first.length;
  for (const literal of others.slice(0, -1)) {
    const found = name.indexOf(literal, from);
    if (found === -1) return false;
    from = found + literal.length;
  }
  return from <= name.length - last.length;
}
