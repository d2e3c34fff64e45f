import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { rollup } from 'rollup';

/** Parts that are loaded by themselves, but small, and likely in a call: cheaper than a file of their own. */
const small = /^(?:find-schema-violation|http-endpoint|open-live|open-url|post|rest|sse|stdio|tool-search)-/;

/**
 * Joins all that a call of a tool loads into one file. The bundler gives every set of sharers a file of its own: two
 * dozen for a call, at half a millisecond each.
 */
export async function joinChunks(folder: string): Promise<void> {
  const dist = resolve(folder);
  const names = readdirSync(dist);
  const path = (name: string | undefined): string => join(dist, name ?? '');
  const start = importedBy(path('main.js'));
  const call = importedBy(path(names.find((name) => name.startsWith('commands-'))));
  for (const name of names.filter((each) => small.test(each))) importedBy(path(name), call);
  const bundle = await rollup({
    input: path('main.js'),
    external: (id) => !id.startsWith('.') && !id.startsWith(dist),
    treeshake: false,
  });
  for (const name of names.filter((each) => each.endsWith('.js'))) rmSync(path(name));
  await bundle.write({
    dir: dist,
    compact: true,
    hoistTransitiveImports: false,
    onlyExplicitManualChunks: true,
    hashCharacters: 'base36',
    chunkFileNames: ({ name }) => `${name.replace(/-[A-Z0-9]{8}$/, '')}-[hash].js`,
    manualChunks: (id) => (call.has(id) && !start.has(id) ? 'commands' : undefined),
  });
  await bundle.close();
}

/** `file`, and every file that is loaded with it. */
function importedBy(file: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = readFileSync(file, 'utf8').matchAll(/\b(?:from|import) ?"(\.\/[^"]+)"/g);
  for (const [, name = ''] of imports) importedBy(join(dirname(file), name), seen);
  return seen;
}
