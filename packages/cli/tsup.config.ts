import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig } from 'tsup';
import { importByFile } from './import-by-file.ts';
import { joinChunks } from './join-chunks.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

const yamlFolder = dirname(createRequire(import.meta.url).resolve('yaml/package.json'));

export default defineConfig(({ outDir = 'dist' }) => ({
  entry: ['src/main.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node20',
  splitting: true,
  minify: true,
  clean: true,
  dts: false,
  // Ours are bundled from their sources, so that this step needs no other package to be built before it.
  noExternal: [/^@toolwire\/(client-core|client-ws|gateway-client|openai-bridge|webhooks)/],
  define: { TOOLWIRE_VERSION: JSON.stringify(version) },
  esbuildPlugins: [importByFile],
  onSuccess: () => joinChunks(outDir),
  esbuildOptions(options) {
    options.conditions = ['@toolwire/source', 'node'];
    // For Node it is published as CommonJS, which asks for Node's modules in a way that a bundle cannot answer.
    options.alias = { yaml: join(yamlFolder, 'browser/dist/index.js') };
  },
}));
