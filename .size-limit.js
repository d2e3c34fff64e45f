/** Parts that a call of a tool does not load, as a rule: other commands, other outputs, a login. */
const loadedByOthers = [
  'authorize',
  'chat',
  'help',
  'listener',
  'more-commands',
  'moving',
  'oauth',
  'openai-tools',
  'proxy',
  'rare-forms',
  'sender',
  'src',
  'tool-search',
  'webhook',
].map((name) => `./${name}-*.js`);

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
    name: 'the mcp command: what a call of a tool may load',
    path: 'packages/cli/dist/main.js',
    limit: '58 kB',
    gzip: true,
    modifyEsbuildConfig: (config) => ({ ...config, platform: 'node', external: loadedByOthers }),
  },
];
