import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { joinChunks } from './join-chunks.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

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
  noExternal: [/^@toolwire\/(client-core|client-ws|openai-bridge|webhooks)/],
  define: { TOOLWIRE_VERSION: JSON.stringify(version) },
  onSuccess: () => joinChunks(outDir),
  esbuildOptions(options) {
    options.conditions = ['@toolwire/source', 'node'];
  },
}));
