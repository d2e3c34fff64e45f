// A stdio server that speaks of itself: log messages once it is ready, changes of a resource. With `once` it ends after that.
import { createInterface } from 'node:readline';

interface Message {
  readonly id?: unknown;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string; readonly level?: string; readonly uri?: string };
}

const levels = ['debug', 'info', 'warning', 'error'];
let level = 'info';

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function log(): void {
  for (const each of levels.slice(levels.indexOf(level))) {
    const params = { level: each, logger: 'db', data: each === 'error' ? { code: 7 } : `a ${each} \u001b[2J` };
    send({ method: 'notifications/message', params });
  }
  if (process.argv[2] === 'once') setTimeout(() => process.exit(1), 100);
}

const answers: Readonly<Record<string, (params: NonNullable<Message['params']>) => object>> = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { logging: {}, resources: { subscribe: true } },
    serverInfo: { name: 'noisy', version: '1.0.0' },
  }),
  'logging/setLevel': (params) => {
    level = params.level ?? level;
    return {};
  },
  'resources/subscribe': ({ uri }) => {
    setInterval(() => send({ method: 'notifications/resources/updated', params: { uri } }), 50);
    return {};
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params = {} } = JSON.parse(line) as Message; // Only the command under test writes here.
  if (method === 'notifications/initialized') setTimeout(log, 300);
  if (id === undefined) return;
  const result = answers[method]?.(params);
  send(result === undefined ? { id, error: { code: -32601, message: 'Method not found' } } : { id, result });
});
