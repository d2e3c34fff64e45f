import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunksOf, cuts } from '../../test-support/chunks.ts';
import { responseFrom } from '../../test-support/http-response.ts';
import { readEvents } from './event-stream.ts';

/** One line of any text; U+0000 would make an id void. */
const line = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll(/[\r\n\0]/g, ''));
const field = fc.option(line, { nil: undefined });

const event = fc.record({ name: field, id: field, data: fc.array(line, { minLength: 1, maxLength: 4 }) });
const comment = fc.record({ comment: line });
const wait = fc.record({ retry: fc.nat() });
const blocks = fc.array(fc.oneof({ weight: 4, arbitrary: event }, comment, wait), { maxLength: 12 });
type Block =
  | { name: string | undefined; id: string | undefined; data: string[] }
  | { comment: string }
  | { retry: number };

/** The lines that say this; a value may follow its colon at once, or after a space. */
function linesOf(block: Block): string[] {
  if ('comment' in block) return [`: ${block.comment}`];
  if ('retry' in block) return [`retry: ${block.retry}`, ''];
  const { name, id, data } = block;
  return [
    ...(name === undefined ? [] : [`event: ${name}`]),
    ...data.map((text) => `data:${text.startsWith(' ') ? ' ' : ''}${text}`),
    ...(id === undefined ? [] : [`id: ${id}`]),
    '',
  ];
}

function expectedOf(block: Block): unknown[] {
  if ('comment' in block) return [];
  if ('retry' in block) return [{ retry: block.retry }];
  const { name, id, data } = block;
  return [{ event: name === '' ? undefined : name, id, data: data.join('\n') }];
}

async function read(chunks: Iterable<Uint8Array>): Promise<unknown[]> {
  const seen: unknown[] = [];
  await readEvents(responseFrom(chunks), 1 << 20, {
    onEvent: ({ event: name, id, data }) => void seen.push({ event: name, id, data }),
    onRetry: (retry) => void seen.push({ retry }),
  });
  return seen;
}

test('reads the same events whatever the line ends and the chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      blocks,
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.boolean(),
      cuts,
      async (said, end, hasMark, at) => {
        const lines = [...said.flatMap(linesOf), ': the end', ''];
        const text = (hasMark ? '\uFEFF' : '') + lines.join(end);
        expect(await read(chunksOf(text, at))).toEqual(said.flatMap(expectedOf));
      },
    ),
    { numRuns: 500 },
  );
});
