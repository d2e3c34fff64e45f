import { findSchemaViolation, McpClient, type ClientOptions, type Report, type Target } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { startRawHttpServer } from '../servers/raw-http-server.ts';

const depth = 1_000_000;
const list = '['.repeat(depth) + ']'.repeat(depth);
const object = '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);

const legacy: ClientOptions = { protocolVersion: '2025-11-25', timeoutMs: 5000 };

interface Bomb {
  name: string;
  verb: 'tools/call' | 'tools/list';
  answer: string;
}

const bombs: Bomb[] = [
  { name: 'a structured result', verb: 'tools/call', answer: `"result":{"content":[],"structuredContent":${object}}` },
  { name: 'a text', verb: 'tools/call', answer: `"result":{"content":[{"type":"text","text":${list}}]}` },
  { name: 'an unknown content', verb: 'tools/call', answer: `"result":{"content":[{"type":"new","x":${object}}]}` },
  { name: 'a flag', verb: 'tools/call', answer: `"result":{"content":[],"isError":${list}}` },
  { name: 'an error code', verb: 'tools/call', answer: `"error":{"code":${list},"message":"no"}` },
  { name: 'the data of an error', verb: 'tools/call', answer: `"error":{"code":1,"message":"no","data":${object}}` },
  { name: 'a schema', verb: 'tools/list', answer: `"result":{"tools":[{"name":"a","inputSchema":${object}}]}` },
  { name: 'a description', verb: 'tools/list', answer: `"result":{"tools":[{"name":"a","description":${list}}]}` },
];

describe.each(bombs)('row 7: $name that is a million levels deep', ({ verb, answer }) => {
  test.each(['2025-11-25', '2026-07-28'] as const)('fails its call alone (%s)', async (protocolVersion) => {
    await using server = await startRawHttpServer({
      'server/discover': ({ result }) =>
        result({ resultType: 'complete', supportedVersions: [protocolVersion], capabilities: { tools: {} } }),
      [verb]: ({ message, json }) => json(`{"jsonrpc":"2.0","id":${String(message.id)},${answer}}`),
      'resources/list': ({ result }) => result({ resultType: 'complete', resources: [] }),
    });
    await using client = new McpClient(server.url, { ...legacy, protocolVersion });
    const call = verb === 'tools/call' ? client.callTool('a') : client.listTools();
    await expect(call).rejects.toMatchObject({
      code: 'invalid-response',
      delivered: 'yes',
      message: expect.stringMatching(/deeper than 128 levels/),
    });
    expect(await client.listResources()).toEqual([]);
  });
});

test('row 7: 128 levels are read', async () => {
  const levels = 128 - 2; // The message and its result are two.
  const fitting = '{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1);
  await using server = await startRawHttpServer({
    'tools/call': ({ message, json }) =>
      json(`{"jsonrpc":"2.0","id":${String(message.id)},"result":{"content":[],"structuredContent":${fitting}}}`),
  });
  await using client = new McpClient(server.url, legacy);
  expect(JSON.stringify((await client.callTool('a')).structured)).toBe(fitting);
});

/** A stdio server that says this before it answers a ping; LIST and OBJECT in it are the bombs. */
function serverThatSays(line: string): Target {
  const source = `
    const { createInterface } = require('node:readline');
    const list = '['.repeat(${depth}) + ']'.repeat(${depth});
    const object = '{"a":'.repeat(${depth}) + '1' + '}'.repeat(${depth});
    const serverInfo = { name: 'deep', version: '0' };
    createInterface(process.stdin).on('line', (text) => {
      const { id, method } = JSON.parse(text);
      if (id === undefined) return;
      if (method === 'ping') process.stdout.write(${JSON.stringify(line)}.replace('LIST', list).replace('OBJECT', object) + '\\n');
      const result = method === 'initialize' ? { protocolVersion: '2025-11-25', capabilities: {}, serverInfo } : {};
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
    });`;
  return { command: process.execPath, args: ['-e', source] };
}

test.each([
  ['a question', '{"jsonrpc":"2.0","id":"x","method":"roots/list","params":OBJECT}'],
  ['a log message', '{"jsonrpc":"2.0","method":"notifications/message","params":OBJECT}'],
  ['an answer to nothing', '{"jsonrpc":"2.0","id":LIST,"result":{}}'],
  ['what is no message', 'LIST'],
  ['a part of a batch', '[{"jsonrpc":"2.0","id":77,"result":{}},LIST]'],
])('row 7: %s that is a million levels deep is reported, and the next call is answered', async (_what, line) => {
  const reports: Report[] = [];
  const onReport = (report: Report): void => void reports.push(report);
  await using client = new McpClient(serverThatSays(line), { ...legacy, onReport, onNotification: () => {} });
  await client.ping();
  expect(reports.map(({ kind }) => kind)).toContainEqual(expect.stringMatching(/^ignored-/));
  expect(Math.max(...reports.map(({ message }) => message.length))).toBeLessThan(4096);
});

test('row 7: a failure of HTTP whose body is as deep as it may be long is an HTTP error', async () => {
  const body = `{"error":{"code":${list.slice(0, 30_000)}${list.slice(-30_000)},"message":"no"}}`;
  await using server = await startRawHttpServer({ 'tools/call': ({ json }) => json(body, 500) });
  await using client = new McpClient(server.url, { ...legacy, attempts: 1 });
  await expect(client.callTool('a')).rejects.toMatchObject({ code: 'http-error', status: 500 });
});

test('row 7: schemas and values of any depth are checked in bounded time', () => {
  const [deepSchema, deepValue] = [JSON.parse(object), JSON.parse(object)] as [unknown, unknown];
  const started = performance.now();
  for (const schema of [
    deepSchema,
    { const: deepSchema },
    { enum: [deepSchema] },
    { $ref: '#/$defs/a', $defs: deepSchema },
    { properties: deepSchema },
    { type: 'array', uniqueItems: true },
  ]) {
    findSchemaViolation(schema, deepValue);
    findSchemaViolation(schema, [deepValue, deepValue]);
  }
  expect(performance.now() - started).toBeLessThan(2000);
});
