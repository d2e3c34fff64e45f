import { createRequire } from 'node:module';
import { Client } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { stdioTransport } from './stdio.ts';

test('serves the official client: handshake, tools, progress, a clean end', async () => {
  const server = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
  const transport = stdioTransport({ command: process.execPath, args: [server, 'stdio'] });
  const client = new Client({ name: 'toolwire-test', version: '1.0.0' });
  let isClosed = false;
  client.onclose = () => (isClosed = true);
  await client.connect(transport);

  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('echo');
  const result = await client.callTool({ name: 'echo', arguments: { message: 'hello' } });
  expect(result.content).toEqual([{ type: 'text', text: 'Echo: hello' }]);

  const progress: number[] = [];
  await client.callTool(
    { name: 'trigger-long-running-operation', arguments: { duration: 0.2, steps: 2 } },
    { onprogress: (each) => progress.push(each.progress) },
  );
  expect(progress.at(0)).toBe(1); // The official client drops progress that comes in one chunk with the answer.

  await client.close();
  expect(isClosed).toBe(true);
  expect(() => process.kill(transport.pid!, 0)).toThrow('ESRCH'); // It was started.
});
