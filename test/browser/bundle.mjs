import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page's program with our packages as they are built, by file name, as a bundler makes it for browsers. */
export async function bundle({ minify }) {
  const { outputFiles, warnings, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('page/program.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser', // An import of a Node built-in fails the build.
    target: 'es2022',
    splitting: true,
    outdir: 'temp/browser',
    write: false,
    metafile: true,
    minify,
  });
  if (warnings.length > 0) throw new Error(`esbuild warns: ${warnings.map(({ text }) => text).join('; ')}`);
  const files = Object.fromEntries(outputFiles.map(({ path, text }) => [basename(path), text]));
  return { files, faults: faultsOf(metafile) };
}

/** What must not be in a bundle for browsers: imports that stay, sources as nobody gets them, and words to Node at once. */
function faultsOf({ outputs }) {
  const parts = Object.values(outputs);
  const entry = parts.find(({ entryPoint }) => entryPoint?.endsWith('program.ts'));
  const left = parts.flatMap(({ imports }) => imports.filter(({ external }) => external)).map(({ path }) => path);
  const unpublished = parts.flatMap(sourcesOf).filter((path) => /^packages\/[^/]+\/src\//.test(path));
  // A part that is loaded when it is needed may look whether Node is there.
  const askNode = loadedWith(entry, outputs)
    .flatMap(sourcesOf)
    .filter((path) => /["'`]node:\w+|getBuiltinModule/.test(readFileSync(path, 'utf8')));
  return [...left, ...unpublished, ...askNode];
}

/** A part of the bundle, and those that it cannot start without. */
function loadedWith(part, outputs, found = new Set()) {
  if (found.has(part)) return [];
  found.add(part);
  const needed = part.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => outputs[path]);
  return [part, ...needed.flatMap((next) => loadedWith(next, outputs, found))];
}

function sourcesOf({ inputs }) {
  return Object.keys(inputs);
}
