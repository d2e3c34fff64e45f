import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { startHttpServer, type Answer, type HttpServer } from '../test-support/http-server.ts';
import { subscribeEvents, type ServerSentEvent, type SubscribeEventsOptions } from './events.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

/** Answers the first GET with the first of these, and so on; after the last there is no more (204). */
async function serve(...answers: Answer[]): Promise<HttpServer> {
  const over: Answer = ({ response }) => void response.writeHead(204).end();
  const server = await startHttpServer({ GET: (exchange) => (answers.shift() ?? over)(exchange) });
  opened.push(server);
  return server;
}

function begin(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' });
}

/** A stream of this text that ends. */
const stream =
  (text: string | Uint8Array): Answer =>
  ({ response }) =>
    void begin(response).end(text);
/** A stream of this text that stays open. */
const openStream =
  (text: string): Answer =>
  ({ response }) =>
    void begin(response).write(text);
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  ({ response }) =>
    void response.writeHead(code, headers).end('no');

/** Reconnections do not wait here, unless the server says so. */
const atOnce: SubscribeEventsOptions = { random: () => 0 };

async function read(
  url: string,
  options: SubscribeEventsOptions = {},
): Promise<[string, string, string | undefined][]> {
  const events: [string, string, string | undefined][] = [];
  for await (const { type, data, id } of subscribeEvents(url, { ...atOnce, ...options })) events.push([type, data, id]);
  return events;
}

function lastEventIds({ requests }: HttpServer): unknown[] {
  return requests.map(({ headers }) => headers['last-event-id']);
}

const m = (data: string, id?: string): [string, string, string | undefined] => ['message', data, id];

describe.each([
  ['node:http', {}],
  ['fetch', { fetch }],
])('over %s, a stream', (_title, wire: SubscribeEventsOptions) => {
  test.each<[string, string | Uint8Array, ReturnType<typeof m>[]]>([
    ['plain events', 'data: a\n\ndata: b\n\n', [m('a'), m('b')]],
    ['several lines', 'data: a\ndata: b\ndata:\ndata: c\n\n', [m('a\nb\n\nc')]],
    ['CR LF', 'data: a\r\ndata: b\r\n\r\n', [m('a\nb')]],
    ['CR alone', 'data: a\rdata: b\r\r: end\r', [m('a\nb')]],
    ['a byte order mark', '\uFEFFdata: a\n\n', [m('a')]],
    ['names', 'event: tool_executed\ndata: a\n\ndata: b\n\n', [['tool_executed', 'a', undefined], m('b')]],
    ['comments', ': ping\n\n:\ndata: a\n: in the middle\ndata: b\n\n', [m('a\nb')]],
    ['no space after the colon', 'data:a\n\ndata:  b\n\n', [m('a'), m(' b')]],
    ['unknown fields', 'color: red\ndata: a\nretries\n\n', [m('a')]],
    ['events without data', 'event: nothing\n\nid: 1\n\ndata: a\n\n', [m('a')]],
    ['an event that is not finished', 'data: a\n\ndata: b\n', [m('a')]],
    ['ids that last', 'id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n', [m('a', '1'), m('b', '1'), m('c', '2')]],
    ['an id that is taken back', 'id: 1\ndata: a\n\nid:\ndata: b\n\n', [m('a', '1'), m('b')]],
    ['letters of several bytes', 'data: naïve ✓ 🎉\n\n', [m('naïve ✓ 🎉')]],
    ['nothing', '', []],
  ])('may hold %s', async (_what, text, events) => {
    const { url } = await serve(stream(text));
    expect(await read(url, wire)).toEqual(events);
  });

  test('may come in any pieces', async () => {
    const bytes = Buffer.from('id: ä\nevent: café\ndata: one\ndata: ✓\n\ndata: two\n\n');
    const { url } = await serve(async ({ response }) => {
      begin(response);
      for (const byte of bytes) {
        response.write(Buffer.of(byte));
        await new Promise(setImmediate);
      }
      response.end();
    });
    expect(await read(url, wire)).toEqual([['café', 'one\n✓', 'ä'], m('two', 'ä')]);
  });

  test('that ends is opened again after its last event, until there is no more', async () => {
    const server = await serve(stream('id: 1\ndata: a\n\n'), stream('data: b\n\n'), stream('id: naïve-✓\ndata: c\n\n'));
    expect(await read(server.url, { ...wire, lastEventId: '0' })).toEqual([
      m('a', '1'),
      m('b', '1'),
      m('c', 'naïve-✓'),
    ]);
    const bytes = Buffer.from('naïve-✓').toString('latin1');
    expect(lastEventIds(server)).toEqual(['0', '1', '1', bytes]);
  });

  test('that is cut is opened again', async () => {
    const server = await serve(({ response }) => {
      begin(response).write('id: 1\ndata: a\n\ndata: hal', () => response.destroy());
    }, stream('id: 2\ndata: b\n\n'));
    expect(await read(server.url, wire)).toEqual([m('a', '1'), m('b', '2')]);
    expect(lastEventIds(server)).toEqual([undefined, '1', '2']);
  });

  test('is ended by close(), by break and by the signal, each of which frees the socket', async () => {
    const freed: string[] = [];
    const forever =
      (name: string): Answer =>
      ({ response }) => {
        response.on('close', () => freed.push(name));
        begin(response).write('data: a\n\n');
      };
    const { url } = await serve(forever('close'), forever('break'), forever('signal'));
    const subscription = subscribeEvents(url, wire);
    for await (const { data } of subscription) {
      expect(data).toBe('a');
      await subscription.close();
    }
    for await (const { data } of subscribeEvents(url, wire)) {
      expect(data).toBe('a');
      break;
    }
    const controller = new AbortController();
    const reason = new Error('enough');
    const aborted = (async () => {
      for await (const { data } of subscribeEvents(url, { ...wire, signal: controller.signal }))
        controller.abort(data === 'a' ? reason : undefined);
    })();
    await expect(aborted).rejects.toBe(reason);
    await expect.poll(() => freed.toSorted()).toEqual(['break', 'close', 'signal']);
  });
});

describe('a connection', () => {
  test('carries the headers, and asks for events', async () => {
    const server = await serve();
    await read(server.url, { headers: { Authorization: 'Bearer t' } });
    expect(server.requests[0]?.headers).toMatchObject({ accept: 'text/event-stream', authorization: 'Bearer t' });
  });

  test.each([
    [400, 'http-error'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'http-error'],
    [410, 'http-error'],
    [501, 'http-error'],
  ])('that is refused with %i fails, with a typed error', async (code, expected) => {
    const server = await serve(stream('data: a\n\n'), status(code));
    await expect(read(server.url)).rejects.toMatchObject({ code: expected, status: code });
    expect(server.requests).toHaveLength(2);
  });

  test('that is answered with something else than events fails', async () => {
    const { url } = await serve(({ json }) => json({ events: [] }));
    await expect(read(url)).rejects.toMatchObject({ code: 'invalid-response', message: expect.stringMatching(/json/) });
  });

  test('that a busy or broken server refuses is tried again, no sooner than it says', async () => {
    const delays: number[] = [];
    const server = await serve(status(503), status(500), status(429, { 'retry-after': '0.2' }), stream('data: a\n\n'));
    const onReconnecting: SubscribeEventsOptions['onReconnecting'] = ({ delayMs }) => delays.push(delayMs);
    expect(await read(server.url, { onReconnecting })).toEqual([m('a')]);
    expect(delays).toEqual([0, 0, 200, 0]);
  });

  test('waits longer each time, between nothing and twice as long as before, unless events come', async () => {
    const tries = Array.from({ length: 3 }, () => status(503));
    const { url } = await serve(...tries, stream('data: a\n\n'), stream('data: b\n\n'));
    const delays: number[] = [];
    const random = (): number => 0.01;
    await read(url, { random, onReconnecting: ({ delayMs }) => delays.push(delayMs) });
    expect(delays).toEqual([10, 20, 40, 10, 10]);
  });

  test('waits as long as the stream says, and up to a fifth more', async () => {
    const { url } = await serve(stream('retry: 200\ndata: a\n\n'));
    const delays: number[] = [];
    await read(url, { onReconnecting: ({ delayMs }) => delays.push(delayMs) });
    expect(delays).toEqual([200]);
  });

  test('is tried again while nothing listens, and says so', async () => {
    const first = await serve();
    await first.close();
    const controller = new AbortController();
    const reasons: unknown[] = [];
    const reading = read(first.url, {
      signal: controller.signal,
      onReconnecting({ reason }) {
        if (reasons.push(reason) === 3) controller.abort(new Error('enough'));
      },
    });
    await expect(reading).rejects.toThrow('enough');
    expect(reasons[0]).toMatchObject({ code: 'connection-failed' });
  });

  test('follows a redirect within the origin, and none to another', async () => {
    const other = await serve(stream('data: secret\n\n'));
    const { url } = await serve(
      status(302, { location: '/elsewhere' }),
      stream('data: a\n\n'),
      status(302, { location: other.url }),
    );
    const events: string[] = [];
    const reading = (async () => {
      for await (const { data } of subscribeEvents(url, atOnce)) events.push(data);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'http-error', status: 302 });
    expect(events).toEqual(['a']);
    expect(other.requests).toEqual([]);
  });

  test('does not repeat an id that no header can hold', async () => {
    const server = await serve(stream('id: a\u0001b\ndata: a\n\n'));
    expect(await read(server.url)).toEqual([m('a', 'a\u0001b')]);
    expect(lastEventIds(server)).toEqual([undefined, undefined]);
  });
});

describe('an event', () => {
  test('is read as JSON when asked, and says when it is none', async () => {
    const { url } = await serve(stream('data: {"a":\ndata: 1}\n\ndata: words\n\n'));
    const events: ServerSentEvent[] = [];
    for await (const event of subscribeEvents(url, atOnce)) events.push(event);
    expect(events[0]?.json()).toEqual({ a: 1 });
    expect(() => events[1]?.json()).toThrow(expect.objectContaining({ code: 'invalid-response' }));
  });

  test('over the limit ends the loop, after the events before it', async () => {
    const { url } = await serve(({ response }) => {
      begin(response).write('data: a\n\n', () => response.write(`data: ${'x'.repeat(200_000)}`));
    });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { data } of subscribeEvents(url, { ...atOnce, maxEventSize: 1000 })) seen.push(data);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'message-too-large' });
    expect(seen).toEqual(['a']);
  });

  test('that waits with too many others for a slow loop ends it, after those that fit', async () => {
    const { url } = await serve(openStream('data: x\n\n'.repeat(5000)));
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { data } of subscribeEvents(url, { ...atOnce, maxQueuedSize: 65_000 })) seen.push(data);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'queue-full' });
    expect(seen).toHaveLength(1000);
  });
});

test('each loop has a stream of its own, and none after close()', async () => {
  const server = await serve(stream('data: a\n\n'), status(204), stream('data: b\n\n'));
  const subscription = subscribeEvents(server.url, atOnce);
  const loop = async (): Promise<string[]> => {
    const seen: string[] = [];
    for await (const { data } of subscription) seen.push(data);
    return seen;
  };
  expect([await loop(), await loop()]).toEqual([['a'], ['b']]);
  await subscription.close();
  expect(await loop()).toEqual([]);
  expect(server.requests).toHaveLength(4);
});
