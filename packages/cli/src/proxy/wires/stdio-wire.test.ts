import { describe, expect, test } from 'vitest';
import { stdioWire } from './stdio-wire.ts';

/** What a host that writes these chunks is understood to say. */
async function received(chunks: (string | Uint8Array)[]): Promise<unknown[]> {
  const stdout = { write: (_text: string, done: () => void) => done() };
  const wire = stdioWire({
    stdout,
    stdin: (async function* () {
      yield* chunks;
    })(),
  });
  const messages: unknown[] = [];
  wire.onmessage = (message) => messages.push(message);
  const closed = new Promise<void>((resolve) => (wire.onclose = resolve));
  await wire.start();
  await closed;
  return messages;
}

const message = { jsonrpc: '2.0', id: 1, method: 'ping', params: { text: 'ä€😀' } };
const line = `${JSON.stringify(message)}\n`;

describe('a host on stdin', () => {
  test('is understood whatever the chunks', async () => {
    const bytes = new TextEncoder().encode(line + line);
    expect(await received([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual([message, message]);
    expect(await received([line + line])).toEqual([message, message]);
  });

  test('may end its lines with CR LF and leave some empty', async () => {
    expect(await received([`\r\n\n${line.trim()}\r\n  \n`])).toEqual([message]);
  });

  test('is heard as nothing where it says no JSON', async () => {
    expect(await received(['garbage\n', line])).toEqual([undefined, message]);
  });

  test('says nothing in a line that it does not end', async () => {
    expect(await received([line, '{"jsonrpc":'])).toEqual([message]);
  });

  test('is heard in linear time', async () => {
    const text = 'x'.repeat(16 * 1024 * 1024);
    const big = new TextEncoder().encode(`${JSON.stringify({ ...message, params: { text } })}\n`);
    const chunks = Array.from({ length: Math.ceil(big.length / 4096) }, (_, index) =>
      big.subarray(index * 4096, (index + 1) * 4096),
    );
    const startedAt = performance.now();
    expect(await received(chunks)).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});
