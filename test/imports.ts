import { posix } from 'node:path';

/** One import of a source or built file; `builtin` is a `process.getBuiltinModule` call. */
export interface Import {
  readonly kind: 'value' | 'type' | 'dynamic' | 'builtin';
  readonly specifier: string;
}

// An import clause holds only names, braces, commas and stars: the pattern cannot run into a neighbouring statement.
const clause = String.raw`(?:(?:(?!\b(?:import|export)\b)[\w$*,{}\s])+?\sfrom\s*)?`;
const statement = new RegExp(String.raw`^(?:import|export)\b\s*(type\s)?${clause}['"]([^'"]+)['"]`, 'gm');
const dynamic = /(?<!typeof )\bimport\(\s*['"]([^'"]+)['"]/g;
const builtin = /\bgetBuiltinModule(?:\?\.)?\(\s*['"]([^'"]+)['"]/g;

/** Every import in the text of a JavaScript or TypeScript module. */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  for (const [, type, specifier = ''] of text.matchAll(statement)) {
    found.push({ kind: type === undefined ? 'value' : 'type', specifier });
  }
  for (const [, specifier = ''] of text.matchAll(dynamic)) found.push({ kind: 'dynamic', specifier });
  for (const [, specifier = ''] of text.matchAll(builtin)) found.push({ kind: 'builtin', specifier });
  return found;
}

/** Every module that `entry` loads at once, by its path, with what it imports; `read` yields the imports of a path. */
export function modulesFrom(entry: string, read: (path: string) => readonly Import[]): Map<string, readonly Import[]> {
  const reached = new Map<string, readonly Import[]>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    const imports = read(path).filter(({ kind }) => kind === 'value');
    reached.set(path, imports);
    waiting.push(...relativeTargets(path, imports));
  }
  return reached;
}

/** The files that a file imports by a relative path, as paths from the same root as its own. */
export function relativeTargets(path: string, imports: readonly Import[]): string[] {
  return imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier));
}
