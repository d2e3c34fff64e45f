import { setImmediate as nextTurn } from 'node:timers/promises';
import { McpError } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { eventStream, startRawHttpServer, type Answer, type Exchange } from '../servers/raw-http-server.ts';
import { legacyClient, rejectionOf } from './fault-server.ts';

const longest = 2048 + '…'.length;

/** A failure of a call that the server has seen once; its message and body are fit for a log. */
async function failureOf(answer: Answer): Promise<McpError & { body?: string }> {
  await using server = await startRawHttpServer({ 'tools/call': answer, ping: ({ result }) => result({}) });
  await using client = legacyClient(server.url, { timeoutMs: 5000 });
  const error = await rejectionOf(client.callTool('any'));
  await client.ping();
  expect(server.requests.filter(({ method }) => method === 'tools/call')).toHaveLength(1);
  expect(error).toBeInstanceOf(McpError);
  const failure = error as McpError & { body?: string };
  expect(failure.message.length).toBeLessThanOrEqual(longest);
  expect(failure.body?.length ?? 0).toBeLessThanOrEqual(longest);
  // oxlint-disable-next-line no-control-regex -- that there are none is the promise
  expect(`${failure.message}${failure.body}`).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  return failure;
}

function answerWith(text: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } });
}

const page = `<html>\u001b[31m\u0007${'Welcome! '.repeat(10_000)}`;

/** Writes the bytes of this text one after another, in slices that split characters. */
async function writeSliced(response: Exchange['response'], text: string, largest: number): Promise<void> {
  const bytes = Buffer.from(text);
  let start = 0;
  for (let count = 0; start < bytes.length; count += 1) {
    const end = start + 1 + (count % largest);
    await new Promise((resolve) => response.write(bytes.subarray(start, end), resolve));
    start = end;
    await nextTurn();
  }
  response.end();
}

describe.concurrent('an answer over HTTP', () => {
  test.each([
    { type: 'application/json', largest: 1 },
    { type: 'application/json', largest: 7 },
    { type: 'text/event-stream', largest: 1 },
    { type: 'text/event-stream', largest: 7 },
  ])('row 7: that comes in slices of up to $largest bytes is understood ($type)', async ({ type, largest }) => {
    const text = 'ünïcödé — 漢字 — 👩‍👩‍👧\n — '.repeat(4);
    await using server = await startRawHttpServer({
      'tools/call': ({ message, response }) => {
        const answer = { jsonrpc: '2.0', id: message.id, result: { content: [{ type: 'text', text }] } };
        response.writeHead(200, { 'content-type': type });
        const isStream = type === 'text/event-stream';
        void writeSliced(
          response,
          isStream ? `\uFEFF: hello\r\n\r\n${eventStream(answer)}` : JSON.stringify(answer),
          largest,
        );
      },
    });
    await using client = legacyClient(server.url);
    expect((await client.callTool('any')).text()).toBe(text);
  });

  test.each<{ name: string; answer: Answer; code: string }>([
    {
      name: 'is shorter than it says',
      answer: ({ response, request }) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
        response.write(answerWith('cut').slice(0, 40), () => void request.socket.end());
      },
      code: 'delivery-unknown',
    },
    {
      name: 'is reset in its middle',
      answer: ({ response, request }) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write(answerWith('cut').slice(0, 40));
        setTimeout(() => request.socket.resetAndDestroy(), 30);
      },
      code: 'delivery-unknown',
    },
    {
      name: 'is half a JSON text',
      answer: ({ json }) => json(answerWith('half').slice(0, 40)),
      code: 'invalid-response',
    },
    { name: 'is no JSON', answer: ({ json }) => json(`\u001b[2J${'oops '.repeat(2000)}`), code: 'invalid-response' },
    { name: 'is empty', answer: ({ json }) => json(''), code: 'invalid-response' },
    {
      name: 'is a web page with status 200',
      answer: ({ json }) => json(page, 200, { 'content-type': 'text/html' }),
      code: 'invalid-response',
    },
    {
      name: 'is of a wrong content type',
      answer: ({ json }) => json(answerWith('text'), 200, { 'content-type': 'text/plain' }),
      code: 'invalid-response',
    },
    {
      name: 'has no content type',
      answer: ({ response }) => void response.writeHead(200).end(answerWith('text')),
      code: 'invalid-response',
    },
    {
      name: 'is an event that is no JSON',
      answer: ({ response }) =>
        void response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"jsonrpc":\n\n'),
      code: 'invalid-response',
    },
  ])('row 22: that $name is a typed error of class C', async ({ answer, code }) => {
    expect(await failureOf(answer)).toMatchObject({ code, delivered: 'unknown', retryable: true, attempts: 1 });
  });

  test('row 23: that is 502 with a body without an end is read in part, and its socket is freed', async () => {
    let isFreed = false;
    const error = await failureOf(({ response, request }) => {
      request.socket.once('close', () => (isFreed = true));
      response.on('error', () => {}).writeHead(502, { 'content-type': 'text/html' });
      const write = (): void => {
        while (!response.destroyed && response.write(page));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    expect(error).toMatchObject({ code: 'http-error', status: 502, delivered: 'unknown', retryable: true });
    expect(error.body).toContain('Welcome!');
    await eventually(() => expect(isFreed).toBe(true));
  });

  test.each([400, 404, 500, 502, 503])('row 23: that is %i keeps its JSON-RPC error', async (status) => {
    const data = { hint: 'try the other door', nested: [1, 2] };
    const answer = ({ message, json }: Exchange): void =>
      json({ jsonrpc: '2.0', id: message.id, error: { code: -32_050, message: 'No\u001b[31m entry', data } }, status);
    const error = await failureOf(answer);
    expect(error).toMatchObject({ code: 'protocol-error', rpcCode: -32_050, data });
    expect(error.message).toContain('entry');
  });

  test('row 23: that is a gateway error of any length says what it says', async () => {
    const error = await failureOf(({ response }) => void response.writeHead(502).end('x'.repeat(5 * 1024 * 1024)));
    expect(error).toMatchObject({ code: 'http-error', status: 502 });
    expect(error.message).toContain('502');
  });
});
