import { parseArgs } from 'node:util';

/** The knobs of a test server, read from its command line; `extra` names more of them, as `parseArgs` does. */
export function readServerOptions(extra = {}) {
  const { values } = parseArgs({
    options: {
      transport: { type: 'string', default: 'stdio' },
      json: { type: 'boolean', default: false },
      'page-size': { type: 'string', default: '10' },
      ...extra,
    },
  });
  return { ...values, pageSize: Number(values['page-size']) };
}
