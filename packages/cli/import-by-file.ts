import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const core = new URL('../client-core/src/', import.meta.url);

/** Where each public name of the core comes from. */
const files = new Map(
  ['index.ts', 'node.ts'].flatMap((entry) =>
    [...readFileSync(new URL(entry, core), 'utf8').matchAll(/^export (?!type)\{([^}]+)\} from '([^']+)';/gm)].flatMap(
      ([, names = '', file = '']) => namesIn(names).map((name) => [name, fileURLToPath(new URL(file, core))] as const),
    ),
  ),
);

/**
 * Imports what is wanted of the core from its own files: the bundler splits by file, and from the core's index every part
 * of it would be loaded by all who need any.
 */
export const importByFile: Plugin = {
  name: 'import-by-file',
  setup(build) {
    build.onLoad({ filter: /packages[\\/][^\\/]+[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      const imports = /^import \{([^}]+)\} from '@toolwire\/client-core';/gm;
      const contents = readFileSync(path, 'utf8').replaceAll(imports, (whole, names: string) => {
        const wanted = namesIn(names);
        if (!wanted.every((name) => files.has(name))) return whole;
        return wanted.map((name) => `import { ${name} } from ${JSON.stringify(files.get(name))};`).join(' ');
      });
      return { contents, loader: 'ts' };
    });
  },
};

/** The names of values between the braces of an import or export. */
function namesIn(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}
