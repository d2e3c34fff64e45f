// A server over stdio whose entries outlive it: `list` the items, `create` an entry, `find` one.
//   node ledger-server.mjs --ledger FILE [--items N] [--wait MS] [--pids FILE]
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fromJsonSchema, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

const { values: options } = parseArgs({
  options: {
    // One line for each entry: its key.
    ledger: { type: 'string' },
    items: { type: 'string', default: '0' },
    // Between an entry and the answer that tells of it, in milliseconds.
    wait: { type: 'string', default: '0' },
    // One line for each server process that was started.
    pids: { type: 'string', default: '/dev/null' },
  },
});
appendFileSync(options.pids, `${process.pid}\n`);

const entries = () =>
  existsSync(options.ledger) ? readFileSync(options.ledger, 'utf8').split('\n').filter(Boolean) : [];
const json = (value) => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });
const key = fromJsonSchema({ type: 'object', properties: { key: { type: 'string' } }, required: ['key'] });
const reads = { annotations: { readOnlyHint: true } };

serveStdio(
  () => {
    const server = new McpServer({ name: 'ledger', version: '1.0.0' });
    server.registerTool('list', reads, () =>
      json(
        Array.from({ length: Number(options.items) }, (_, index) => ({
          number: index + 1,
          title: `issue ${index + 1}`,
        })),
      ),
    );
    server.registerTool('create', { inputSchema: key }, async ({ key: created }) => {
      if (created.includes('poison')) return { ...json('it is poison'), isError: true };
      appendFileSync(options.ledger, `${created}\n`);
      await sleep(Number(options.wait));
      return json({ id: `id of ${created}` });
    });
    server.registerTool('find', { inputSchema: key, ...reads }, ({ key: wanted }) =>
      json(
        entries()
          .filter((entry) => entry === wanted)
          .map((entry) => ({ id: `id of ${entry}` })),
      ),
    );
    server.registerTool('crash', { inputSchema: key }, ({ key: created }) => {
      appendFileSync(options.ledger, `${created}\n`);
      process.exit(1);
    });
    return server;
  },
  { legacy: 'serve' },
);
