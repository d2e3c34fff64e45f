import assert from 'node:assert/strict';
import { McpClient } from '@toolwire/client-core';
import { log } from '@toolwire/client-core/observe';
import { addHeader, rememberCalls } from './interceptors.ts';
import { startServer } from './server.ts';

await using server = await startServer();

const lines: string[] = [];
const write = (line: string): void => {
  lines.push(line);
  console.log(`  [log] ${line}`);
};

// The first is the outermost: it also sees the calls that the second answers without asking the server.
const interceptors = [log(write), rememberCalls(), addHeader('x-team', () => 'kites')];
const client = new McpClient(server.url, { interceptors });
const watching = watchStatus();

for (const city of ['Oslo', 'Rome', 'Oslo']) {
  const result = await client.callTool('weather', { city });
  console.log(result.text());
}
const again = await client.callTool('weather', { city: 'Oslo' });
assert.equal(
  again.text(),
  'Oslo: sunny (question 1, asked by kites)',
  'from memory, with the header of the first time',
);
assert.equal(lines.length, 4);

await client.close();
assert.deepEqual(await watching, ['connecting', 'connected', 'closed']);

/** The life of the connection: the loop ends when the client is closed. */
async function watchStatus(): Promise<string[]> {
  const seen: string[] = [];
  for await (const { type } of client.status()) {
    seen.push(type);
    console.log(`  [status] ${type}`);
  }
  return seen;
}
