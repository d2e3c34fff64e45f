import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RequestId } from '../protocol/jsonrpc.ts';
import { chunksOf, cuts } from '../../test-support/chunks.ts';
import { lineFraming } from './line-framing.ts';

type Event = { message: unknown } | { ignored: string } | { tooLarge: RequestId | undefined };

/** A line without its end, and what it is to be read as. */
interface Line {
  text: string;
  event: Event | undefined;
}

/** Any text at all: accents, emoji of several parts, quotes, control characters. */
const anyText = fc.string({ unit: 'binary', maxLength: 200 });

const message: fc.Arbitrary<Line> = fc.tuple(fc.integer(), anyText, fc.nat(20)).map(([id, text, times]) => {
  const value = { jsonrpc: '2.0', id, result: { text: text.repeat(times) } };
  return { text: JSON.stringify(value), event: { message: value } };
});
const logLine: fc.Arbitrary<Line> = anyText.map((text) => {
  const line = `log: ${text.replaceAll(/[\n{[]/g, '')}`.trim();
  return { text: line, event: { ignored: line } };
});
const blank: fc.Arbitrary<Line> = fc.constantFrom('', ' ', '\uFEFF').map((text) => ({ text, event: undefined }));
const lines = fc.array(
  fc.tuple(fc.oneof({ weight: 4, arbitrary: message }, logLine, blank), fc.constantFrom('\n', '\r\n')),
  {
    maxLength: 12,
  },
);

function read(chunks: Iterable<Uint8Array>, maxMessageBytes: number): Event[] {
  const events: Event[] = [];
  const framing = lineFraming(maxMessageBytes, {
    onMessage: (value) => events.push({ message: value }),
    onIgnored: (ignored) => events.push({ ignored }),
    onTooLarge: (tooLarge) => events.push({ tooLarge }),
  });
  for (const chunk of chunks) framing.push(Buffer.from(chunk));
  framing.end();
  return events;
}

const written = (from: readonly (readonly [Line, string])[]): string =>
  from.map(([{ text }, end]) => text + end).join('');

test('reads the same messages and the same noise, whatever the chunks', () => {
  fc.assert(
    fc.property(lines, cuts, (from, at) => {
      const expected = from.flatMap(([{ event }]) => event ?? []);
      expect(read(chunksOf(written(from), at), 1 << 20)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('skips the messages over the limit and no others, whatever the chunks', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), cuts, fc.integer({ min: 40, max: 2000 }), (from, at, limit) => {
      const expected = from.map(({ text, event }) => {
        const { id } = JSON.parse(text) as { id: number };
        return Buffer.byteLength(text) > limit ? { tooLarge: id } : event;
      });
      const text = from.map((line) => `${line.text}\n`).join('');
      expect(read(chunksOf(text, at), limit)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
