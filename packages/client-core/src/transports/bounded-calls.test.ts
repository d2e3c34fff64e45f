import { expect, test } from 'vitest';
import { responseFrom } from '../../test-support/http-response.ts';
import { boundCalls } from './bounded-calls.ts';
import { discard, type HttpExchange, type HttpRequest } from './http-exchange.ts';

const call: HttpRequest = {
  method: 'POST',
  url: new URL('http://127.0.0.1/mcp'),
  headers: {},
  isCall: true,
  signal: undefined,
};

/** Two calls at a time, over an exchange that answers at once unless told to fail. */
function bounded(failsAt?: number): { exchange: HttpExchange; sent: HttpRequest[] } {
  const sent: HttpRequest[] = [];
  const inner: HttpExchange = {
    async send(request) {
      sent.push(request);
      if (sent.length === failsAt) throw new Error('down');
      return responseFrom([]);
    },
    close: () => {},
  };
  return { exchange: boundCalls(inner, 2), sent };
}

test.each([
  ['read', discard],
  ['given up', async (response: Awaited<ReturnType<HttpExchange['send']>>) => response.cancel()],
])('a call waits until the answer of another is %s', async (_how, finish) => {
  const { exchange, sent } = bounded();
  const first = await exchange.send(call);
  await exchange.send(call);
  const third = exchange.send(call);
  const fourth = exchange.send(call);
  await new Promise((resolve) => setImmediate(resolve)); // Time to be sent, if they were.
  expect(sent).toHaveLength(2);
  await finish(first);
  await finish(await third);
  await fourth;
  expect(sent).toHaveLength(4);
});

test('what is no call, and what goes over https:, does not wait', async () => {
  const { exchange, sent } = bounded();
  await exchange.send(call);
  await exchange.send(call);
  await exchange.send({ ...call, isCall: false });
  await exchange.send({ ...call, url: new URL('https://127.0.0.1/mcp') });
  expect(sent).toHaveLength(4);
});

test('a call that fails leaves its place to the next', async () => {
  const { exchange, sent } = bounded(1);
  await expect(exchange.send(call)).rejects.toThrow('down');
  await exchange.send(call);
  await exchange.send(call);
  expect(sent).toHaveLength(3);
});

test('a call that is cancelled while it waits is not sent, and its turn goes to the next', async () => {
  const { exchange, sent } = bounded();
  const first = await exchange.send(call);
  await exchange.send(call);
  const cancelling = new AbortController();
  const cancelled = exchange.send({ ...call, signal: cancelling.signal });
  const next = exchange.send(call);
  cancelling.abort(new Error('enough'));
  await expect(cancelled).rejects.toThrow('enough');
  await discard(first);
  await next;
  expect(sent).toHaveLength(3);
});
