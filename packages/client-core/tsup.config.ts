import { defineConfig } from 'tsup';

/** What Node loads: few files, since each one that is imported costs half a millisecond. Browsers' bundlers read the modules. */
export default defineConfig({
  entry: ['src/node.ts', 'src/observe.ts', 'src/events.ts'],
  outDir: 'dist/bundle',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: false,
  esbuildOptions(options) {
    options.conditions = ['@toolwire/source', 'node'];
  },
});
