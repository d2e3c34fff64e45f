/** What a browser or a shell has to load, minified and gzipped. */
export default [
  {
    name: 'client-core for the browser, all that index.js loads',
    path: 'packages/client-core/dist/index.js',
    limit: '25.6 kB', // 25 KiB.
    gzip: true,
    // The stdio transport is loaded by the first target that is a command: never in a browser.
    modifyEsbuildConfig: (config) => ({ ...config, external: ['*/transports/stdio.js'] }),
  },
  { name: 'the mcp command, all of it', path: 'packages/cli/dist/main.js', limit: '48 kB', gzip: true },
];
