import { readFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

/** Small parts of the core that a call is likely to need, or that cost less than a file of their own. */
const small =
  /import\('(\.[^']*\/(?:find-schema-violation|http-endpoint|open-url|post|rest|sse|stdio|tool-search)\.ts)'\)/g;

/** Each part that is loaded by itself splits what it shares with the others into files, half a millisecond each. */
const withSmallParts: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'with-small-parts',
  setup(build) {
    build.onLoad({ filter: /client-core\/src\/.*\.ts$/ }, ({ path }) => {
      const imports: string[] = [];
      const code = readFileSync(path, 'utf8').replaceAll(small, (_import, file: string) => {
        imports.push(`import * as part${imports.length} from '${file}';`);
        return `Promise.resolve(part${imports.length - 1})`;
      });
      return { contents: `${imports.join('\n')}\n${code}`, loader: 'ts' };
    });
  },
};

export default defineConfig({
  entry: ['src/main.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node20',
  splitting: true,
  minify: true,
  clean: true,
  dts: false,
  // Ours are bundled from their sources, so that this step needs no other package to be built before it.
  noExternal: [/^@toolwire\/(client-core|client-ws|openai-bridge|webhooks)/],
  define: { TOOLWIRE_VERSION: JSON.stringify(version) },
  esbuildPlugins: [withSmallParts],
  esbuildOptions(options) {
    options.conditions = ['@toolwire/source', 'node'];
  },
});
