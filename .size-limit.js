/** What a browser or a shell has to load, minified and gzipped. */
export default [
  {
    name: 'client-core for the browser: connect() and all that its first call to a URL loads',
    path: 'packages/client-core/dist/index.js',
    import: '{ connect }',
    limit: '25.6 kB', // 25 KiB.
    gzip: true,
    // Loaded when they are needed: commands (never in a browser), older and plainer wires, output schemas, a first retry.
    modifyEsbuildConfig: (config) => ({
      ...config,
      external: ['*/stdio.js', '*/sse.js', '*/post.js', '*/rest.js', '*/find-schema-violation.js', 'p-retry'],
    }),
  },
  {
    name: 'the mcp command, all that a call loads',
    path: 'packages/cli/dist/main.js',
    limit: '48 kB',
    gzip: true,
    modifyEsbuildConfig: (config) => ({ ...config, platform: 'node' }),
  },
];
