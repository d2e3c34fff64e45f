import { expect, test } from 'vitest';
import type { RequestId } from '../protocol/jsonrpc.ts';
import { lineFraming } from './line-framing.ts';

type Event = { message: unknown } | { ignored: string } | { tooLarge: RequestId | undefined };

function readAll(chunks: Iterable<Buffer>, maxMessageBytes = 1 << 20): Event[] {
  const events: Event[] = [];
  const framing = lineFraming(maxMessageBytes, {
    onMessage: (message) => events.push({ message }),
    onIgnored: (ignored) => events.push({ ignored }),
    onTooLarge: (tooLarge) => events.push({ tooLarge }),
  });
  for (const chunk of chunks) framing.push(chunk);
  framing.end();
  return events;
}

/** The same numbers in every run, so that a failing case can be found again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function* cut(bytes: Buffer, random: () => number, longest: number): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const end = start + 1 + Math.floor(random() * longest);
    yield bytes.subarray(start, end);
    start = end;
  }
}

test('reads a last line that has no end', () => {
  expect(readAll([Buffer.from('{"jsonrpc":"2.0","id":1,"result":{}}')])).toEqual([
    { message: { jsonrpc: '2.0', id: 1, result: {} } },
  ]);
});

test('reads a large message that comes byte by byte', () => {
  const message = { jsonrpc: '2.0', id: 1, result: { text: 'ä'.repeat(100_000) } };
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  expect(readAll(Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1)))).toEqual([{ message }]);
});

test('reports at most 2 KiB of an ignored line', () => {
  expect(readAll([Buffer.from(`${'x'.repeat(10_000)}\n`)])).toEqual([{ ignored: 'x'.repeat(2048) }]);
});

test.each([1, 10, 1000, 100_000])('skips only a message over the limit, in chunks of up to %i bytes', (longest) => {
  const next = '{"jsonrpc":"2.0","id":2,"result":{}}';
  const bytes = Buffer.from(`{"jsonrpc":"2.0","id":1,"result":{"text":"${'x'.repeat(20_000)}"}}\n${next}\n`);
  expect(readAll(cut(bytes, seeded(longest), longest), 10_000)).toEqual([
    { tooLarge: 1 },
    { message: JSON.parse(next) as unknown },
  ]);
});

test('admits a message of exactly the limit', () => {
  const line = JSON.stringify({ jsonrpc: '2.0', id: 1, result: 'x'.repeat(100) });
  const bytes = Buffer.from(`${line}\n`);
  expect(readAll([bytes], line.length)).toHaveLength(1);
  expect(readAll([bytes], line.length - 1)).toEqual([{ tooLarge: 1 }]);
  expect(readAll(cut(bytes, seeded(1), 7), line.length)).toEqual([{ message: JSON.parse(line) as unknown }]);
  expect(readAll(cut(bytes, seeded(1), 7), line.length - 1)).toEqual([{ tooLarge: 1 }]);
});

test('names the failed request before an endless line has ended', () => {
  const tooLarge: unknown[] = [];
  const framing = lineFraming(10_000, { onMessage() {}, onIgnored() {}, onTooLarge: (id) => tooLarge.push(id) });
  framing.push(Buffer.from('{"jsonrpc":"2.0","id":5,"result":"'));
  for (let count = 0; count < 100; count += 1) framing.push(Buffer.alloc(1000, 'x'));
  expect(tooLarge).toEqual([5]);
});
