import { expect, test } from 'vitest';
import { responseFrom } from '../../test-support/http-response.ts';
import { readEvents } from './event-stream.ts';

type Seen = ({ event?: string; id?: string; data: string } | { retry: number })[];

function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = 1_000_000, limit = 1000): Promise<Seen> {
  const seen: Seen = [];
  await readEvents(responseFrom(inPieces(new TextEncoder().encode(text), size)), limit, {
    onEvent: ({ event, id, data }) =>
      seen.push({ data, ...(event !== undefined && { event }), ...(id !== undefined && { id }) }),
    onRetry: (retry) => seen.push({ retry }),
  });
  return seen;
}

test.each<[string, string, Seen]>([
  ['an event', 'data: {"a":1}\n\n', [{ data: '{"a":1}' }]],
  ['an event without the blank', 'data:{"a":1}\n\n', [{ data: '{"a":1}' }]],
  ['a name and an id', 'event: message\nid: 7\ndata: x\n\n', [{ event: 'message', id: '7', data: 'x' }]],
  ['several lines as one text', 'data: {\ndata: }\n\n', [{ data: '{\n}' }]],
  ['lines that end with CR LF', 'data: x\r\n\r\ndata: y\r\n\r\n', [{ data: 'x' }, { data: 'y' }]],
  ['lines that end with CR', 'data: x\r\rdata: y\r\r: ping\r', [{ data: 'x' }, { data: 'y' }]],
  ['an event without data but with an id', 'id: 7\ndata:\n\n', [{ id: '7', data: '' }]],
  ['the time to wait', 'retry: 1500\n\ndata: x\n\n', [{ retry: 1500 }, { data: 'x' }]],
  ['no comments', ': ping\n\ndata: x\n\n: ping\n\n', [{ data: 'x' }]],
  ['a byte order mark', '\uFEFFdata: x\n\n', [{ data: 'x' }]],
  ['nothing that was not finished', 'data: x\n\ndata: cut off', [{ data: 'x' }]],
  ['letters of several bytes', 'data: "ä日👋"\n\n', [{ data: '"ä日👋"' }]],
])('reads %s, however it is cut into pieces', async (_title, text, events) => {
  for (const size of [1, 2, 3, 7, 1_000_000]) expect(await read(text, size)).toEqual(events);
});

test.each([
  ['in one piece', 1_000_000],
  ['in small pieces', 64],
])('gives up on an event that never ends, %s', async (_title, size) => {
  const reading = read(`data: ${'x'.repeat(5000)}`, size);
  await expect(reading).rejects.toMatchObject({ code: 'message-too-large', message: expect.stringContaining('1000') });
});

test('many small events are no large one', async () => {
  expect(await read('data: 0123456789\n\n'.repeat(1000), 100)).toHaveLength(1000);
});

test('rejects when the body breaks, after the events that came', async () => {
  const seen: string[] = [];
  const body = (async function* () {
    yield new TextEncoder().encode('data: x\n\n');
    throw new Error('reset');
  })();
  const listener = { onEvent: ({ data }: { data: string }) => void seen.push(data), onRetry: () => {} };
  await expect(readEvents(responseFrom(body), 1000, listener)).rejects.toThrow('reset');
  expect(seen).toEqual(['x']);
});

test('a listener that throws ends the reading, and frees the body', async () => {
  let isFreed = false;
  const body = (async function* () {
    try {
      for (;;) yield new TextEncoder().encode('data: x\n\n');
    } finally {
      isFreed = true;
    }
  })();
  const onEvent = (): never => {
    throw new Error('no JSON');
  };
  await expect(readEvents(responseFrom(body), 1000, { onEvent, onRetry: () => {} })).rejects.toThrow('no JSON');
  expect(isFreed).toBe(true);
});
