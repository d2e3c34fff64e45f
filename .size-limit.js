/** What is loaded only when it is needed is not counted. */
const laterPartsApart = {
  name: 'later-parts-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^/ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
  },
};

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
      external: [
        '*/stdio.js',
        '*/sse.js',
        '*/post.js',
        '*/rest.js',
        '*/find-schema-violation.js',
        '*/auth/authorize.js',
        '*/tool-lock-compare.js',
        '*/tool-lock-judge.js',
        'p-retry',
      ],
    }),
  },
  {
    name: 'client-ws for the browser, besides client-core',
    path: 'packages/client-ws/dist/index.js',
    limit: '3 kB',
    gzip: true,
    modifyEsbuildConfig: (config) => ({ ...config, external: ['@toolwire/client-core'] }),
  },
  { name: 'webhooks: sign, verify and receive', path: 'packages/webhooks/dist/index.js', limit: '7 kB', gzip: true },
  {
    name: 'the mcp command: what a call of a tool loads',
    path: 'packages/cli/dist/commands-*.js',
    limit: '64 kB',
    gzip: true,
    modifyEsbuildConfig: (config) => ({ ...config, platform: 'node', plugins: [laterPartsApart] }),
  },
];
