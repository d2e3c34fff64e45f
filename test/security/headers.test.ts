import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { connect, McpClient, type ClientOptions } from '@toolwire/client-core';
import { subscribeEvents } from '@toolwire/client-core/events';
import { signWebhook } from '@toolwire/webhooks';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../packages/cli/test-fixtures/run-cli.ts';
import { startRawHttpServer } from '../servers/raw-http-server.ts';

const secret = 'canary-7f3a';
const legacy: ClientOptions = { protocolVersion: '2025-11-25', timeoutMs: 5000, attempts: 1 };

/** Any text, often with what could end a header or begin another. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\0',
        ' ',
        '\t',
        'x-evil: 1',
        'ü',
        '\u{1f600}',
        '\ud800',
        ':',
        '=?base64?',
        '?=',
        'a',
      ),
    )
    .map((parts) => parts.join('')),
);

interface RawServer extends AsyncDisposable {
  readonly port: number;
  /** All that clients have sent, byte by byte. */
  readonly received: () => string;
}

/** Answers every request with an empty result, and keeps what came over the socket as it is. */
async function startRawServer(): Promise<RawServer> {
  let received = '';
  const server = createServer((socket) => {
    let pending = '';
    socket.on('error', () => {}).setEncoding('latin1');
    socket.on('data', (piece: unknown) => {
      received += String(piece);
      pending += String(piece);
      for (;;) {
        const [head = ''] = pending.split('\r\n\r\n', 1);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (head === pending || pending.length < head.length + 4 + length) return;
        const body = pending.slice(head.length + 4, head.length + 4 + length);
        pending = pending.slice(head.length + 4 + length);
        const id = /"id":(\d+)/.exec(body)?.[1] ?? 'null';
        const tool =
          '{"name":"t","inputSchema":{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}}}';
        const discovered = '"supportedVersions":["2026-07-28"],"capabilities":{"tools":{},"resources":{}}';
        const result = body.includes('"tools/list"') ? `"tools":[${tool}]` : `"content":[],"contents":[],${discovered}`;
        const answer = `{"jsonrpc":"2.0","id":${id},"result":{"resultType":"complete",${result}}}`;
        socket.write(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
        );
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // It listens on a port.
  return { port, received: () => received, [Symbol.asyncDispose]: async () => void server.close() };
}

/** The names of all headers that came, once each. */
function headerNames(received: string): Set<string> {
  const heads = received.split(/(?=POST |GET |DELETE )/).map((request) => request.split('\r\n\r\n', 1)[0] ?? '');
  return new Set(
    heads.flatMap((head) => head.split('\r\n').slice(1)).map((line) => (line.split(':', 1)[0] ?? '').toLowerCase()),
  );
}

describe('row 22', () => {
  test('row 22: no name of a tool, no argument and no address of a resource becomes a header of its own', async () => {
    await using server = await startRawServer();
    await using client = new McpClient(`http://127.0.0.1:${server.port}/mcp`, {
      ...legacy,
      protocolVersion: '2026-07-28',
    });
    await client.listTools();
    await client.callTool('t', { a: 'plain' });
    await client.readResource('x:y');
    const usual = headerNames(server.received());
    await fc.assert(
      fc.asyncProperty(text, text, async (name, argument) => {
        await client.callTool(name, { a: argument }).catch(() => {}); // A name may be refused; what counts is what was sent.
        await client.callTool('t', { a: argument });
        await client.readResource(argument).catch(() => {});
        expect([...headerNames(server.received())].filter((header) => !usual.has(header))).toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect(server.received()).not.toMatch(/^x-evil/im);
  });

  test('row 22: a header of the caller is sent as it is, or refused by its name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constant('x-given'), text), text, async (name, value) => {
        let seen: Record<string, unknown> | undefined;
        await using server = await startRawHttpServer({
          'tools/call': ({ request, result }) => {
            seen = request.headers;
            result({ content: [] });
          },
        });
        const isSendable = /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !/[^\t\x20-\x7e\x80-\xff]/.test(value);
        fc.pre(
          !/^(host|content-length|connection|transfer-encoding|expect|upgrade|te|trailer|keep-alive)$/i.test(name),
        );
        const given: ClientOptions[] = [
          { ...legacy, headers: { [name]: value } },
          { ...legacy, apiKey: value },
          { ...legacy, bearer: () => value },
        ];
        for (const [index, options] of given.entries()) {
          seen = undefined;
          await using client = new McpClient(server.url, options);
          const outcome: unknown = await client.callTool('any').catch((error: unknown) => error);
          const mayBeSent = index === 0 ? isSendable : !/[^\t\x20-\x7e\x80-\xff]/.test(value);
          if (mayBeSent) expect(seen).toBeDefined();
          else expect(outcome).toMatchObject({ code: 'config-invalid', delivered: 'no' });
          if (value.length > 3 && !name.includes(value)) expect(String(outcome)).not.toContain(value);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('row 22: neither is a header of one call', async () => {
    await using server = await startRawServer();
    await using client = new McpClient(`http://127.0.0.1:${server.port}/mcp`, {
      ...legacy,
      protocolVersion: '2026-07-28',
    });
    await client.listTools();
    for (const headers of [
      { 'x-a': 'b\r\nx-evil: 1' },
      { 'x-a\r\nx-evil': '1' },
      { 'x-a': 'b\nc' },
      { 'x a': '1' },
      { '': '1' },
    ]) {
      await expect(client.callTool('t', {}, { headers })).rejects.toMatchObject({
        code: 'config-invalid',
        delivered: 'no',
      });
    }
    expect(server.received()).not.toMatch(/x-evil/i);
    expect((await client.callTool('t')).isError).toBe(false);
  });

  test.each(['a\u0085b', 'a b', 'ü', '"', 'x'.repeat(4000)])(
    'row 22: a session id that is %j harms nothing',
    async (id) => {
      const ids: unknown[] = [];
      await using server = await startRawHttpServer({
        initialize: ({ response, message }) => {
          const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 's', version: '1' } };
          const body = JSON.stringify({ jsonrpc: '2.0', id: message.id, result });
          response
            .writeHead(200, {
              'content-type': 'application/json',
              'mcp-session-id': Buffer.from(id).toString('latin1'),
            })
            .end(body);
        },
        'tools/call': ({ request, result }) => {
          ids.push(Object.keys(request.headers).filter((name) => name.startsWith('x-')));
          result({ content: [] });
        },
      });
      await using client = new McpClient(server.url, legacy);
      await client.callTool('any');
      expect(ids).toEqual([[]]);
    },
  );

  test('row 22: an event id goes back only where a header can hold it', async () => {
    for (const id of ['a\rb', 'a\u0000b', 'ü\u{1f600}', '1']) {
      const seen: (string | undefined)[] = [];
      await using server = await startRawHttpServer({
        GET: ({ request, response }) => {
          seen.push(request.headers['last-event-id'] as string | undefined);
          if (seen.length > 1) response.writeHead(204).end();
          else response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`retry: 1\nid: ${id}\ndata: 1\n\n`);
        },
      });
      for await (const event of subscribeEvents(server.url)) expect(event.data).toBe('1');
      expect(seen).toHaveLength(2);
      expect(seen[1] ?? '').not.toMatch(/[\r\n\0]/);
    }
  });

  test('row 22: a WebSocket takes no header that would begin another', async () => {
    const headers = { 'x-a': `b\r\nx-evil: ${secret}` };
    const failure: unknown = await connect('ws://127.0.0.1:1/', { ...legacy, headers }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'config-invalid' });
    expect(String(failure)).not.toContain(secret);
  });

  test.each(['X-A: b\r\nX-Evil: 1', 'X-A\nB: c', ': b', 'X A: b'])(
    'row 22: mcp refuses --header %j',
    async (header) => {
      expect(await runCli(['tools', 'list', '-s', 'http://127.0.0.1:1/', '--header', header])).toMatchObject({
        exitCode: 2,
      });
    },
  );

  test.each(['a\r\nb', 'a.b', 'a,b', 'ü', ''])('row 22: a webhook is not signed with the id %j', async (id) => {
    await expect(signWebhook('{}', { id, secrets: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })).rejects.toMatchObject({
      code: 'invalid_options',
    });
  });
});
