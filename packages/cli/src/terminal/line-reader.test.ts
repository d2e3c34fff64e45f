import { expect, test } from 'vitest';
import type { Io, Output } from '../io.ts';
import { lineReader } from './line-reader.ts';

const stderr: Output = { write: (_text, done) => done() };

function typed(...chunks: readonly (string | Uint8Array)[]): Pick<Io, 'stdin' | 'stderr'> {
  async function* stdin(): AsyncGenerator<string | Uint8Array> {
    yield* chunks;
  }
  return { stdin: stdin(), stderr };
}

test('each question gets one line, however many were typed at once', async () => {
  const ask = lineReader(typed('a\nb\r\n', Uint8Array.of(0xc3), Uint8Array.of(0xa4, 0x0a), 'last'))();
  expect([await ask(''), await ask(''), await ask(''), await ask(''), await ask('')]).toEqual([
    'a',
    'b',
    'ä',
    'last',
    undefined,
  ]);
});

test('those who ask by turns share one keyboard', async () => {
  const io = typed('a\nb\nc\n');
  expect(await lineReader(io)()('')).toBe('a');
  expect(await lineReader(io)()('')).toBe('b');
  const controller = new AbortController();
  controller.abort();
  expect(await lineReader(io)(controller.signal)('')).toBeUndefined();
  expect(await lineReader(io)()('')).toBe('c');
});
