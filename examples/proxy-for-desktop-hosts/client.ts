import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { startShop } from './server.ts';

// Where npm has put `mcp`; `npm install --global` makes this unnecessary.
const installed = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const PATH = `${installed}${delimiter}${process.env['PATH']}`;

const config = JSON.parse(await readFile(new URL('claude_desktop_config.json', import.meta.url), 'utf8'));
const { command, args, env } = config.mcpServers.shop as { command: string; args: string[]; env: { SHOP_KEY: string } };

await using shop = await startShop(env.SHOP_KEY);

// The host knows nothing of HTTP, of the key or of sessions: it starts a command, as its configuration says.
const host = await startHost(env);
const { tools } = await host.listTools();
console.log(`The host sees ${host.getServerVersion()?.name}: ${tools.map(({ name }) => name).join(', ')}`);
assert.deepEqual(
  tools.map(({ name }) => name),
  ['price_of'],
);
assert.equal(await priceOf('kite'), 'A kite costs 12 €');

await shop.forgetSessions();
assert.equal(await priceOf('ball'), 'A ball costs 12 €', 'a session that the server has forgotten is opened again');
await host.close();

const refused = await startHost({ SHOP_KEY: 'wrong' }).catch((error: unknown) => error);
assert(refused instanceof Error);
console.log(`With a wrong key the host is told: ${refused.message.split('\n')[0]}`);
assert.match(refused.message, /401/);

async function startHost(environment: Record<string, string>): Promise<Client> {
  const client = new Client({ name: 'desktop-host', version: '1.0.0' });
  // The shop of this story has another port each time.
  const here = args.map((argument) => argument.replace('http://127.0.0.1:8000/mcp', shop.url));
  await client.connect(new StdioClientTransport({ command, args: here, env: { ...environment, PATH } }));
  return client;
}

async function priceOf(article: string): Promise<string> {
  const { content } = await host.callTool({ name: 'price_of', arguments: { article } });
  const [block] = content;
  assert(block?.type === 'text');
  console.log(`  ${block.text}`);
  return block.text;
}
