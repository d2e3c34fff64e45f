import { createReceiver, signWebhook, verifySignature, type SignedHeaders } from '@toolwire/webhooks';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf, signatureVectors } from '../../packages/webhooks/test-support/vectors.ts';

const secrets = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const now = 1_795_253_400_000;
const body = new TextEncoder().encode('{"event":"tool_executed","tool":"pay","params":{"amount":1}}');

function sign(more: { id?: string; timestamp?: number } = {}): Promise<SignedHeaders> {
  return signWebhook(body, { id: 'msg_1', secrets, now: () => now, ...more });
}

/** The same bytes with one bit turned over. */
function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const index = Math.floor(bit / 8) % bytes.length;
  copy[index] = (copy[index] ?? 0) ^ (1 << (bit % 8));
  return copy;
}

const vectors = signatureVectors('toolwire');

describe('row 25', () => {
  test.each(vectors)('row 25: $name', async (vector) => {
    const { body: bytes, headers, options } = inputOf(vector);
    const verified = verifySignature(bytes, headers, options);
    if (vector.throws === undefined) await verified;
    else await expect(verified).rejects.toMatchObject({ code: vector.throws });
  });

  test('row 25: a delivery with any one bit of its body changed is refused', async () => {
    const headers = await sign();
    await verifySignature(body, headers, { secrets, now: () => now });
    for (let bit = 0; bit < body.length * 8; bit += 1)
      await expect(verifySignature(flipped(body, bit), headers, { secrets, now: () => now })).rejects.toMatchObject({
        code: 'signature_mismatch',
      });
  });

  test('row 25: a delivery with any one character of its id, time or signature changed is refused', async () => {
    const headers: Record<string, string> = { ...(await sign()) };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(headers)),
        fc.nat(),
        fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
        async (name, at, character) => {
          const value = headers[name] ?? '';
          const index = at % value.length;
          const changed = value.slice(0, index) + character + value.slice(index + 1);
          // Header by header: each family stands for itself.
          const family =
            name === 'x-mcp-signature' ? [name] : Object.keys(headers).filter((each) => each !== 'x-mcp-signature');
          fc.pre(changed !== value && changed.trim() !== value.trim());
          const sent = Object.fromEntries(
            family.map((each) => [each, each === name ? changed : (headers[each] ?? '')]),
          );
          await expect(verifySignature(body, sent, { secrets, now: () => now })).rejects.toHaveProperty('code');
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    [-301, 'timestamp_too_old'],
    [301, 'timestamp_too_new'],
    [-86_400, 'timestamp_too_old'],
  ])('row 25: a delivery that was signed %d s from now is refused', async (seconds, code) => {
    const headers = await sign({ timestamp: now / 1000 + seconds });
    await expect(verifySignature(body, headers, { secrets, now: () => now })).rejects.toMatchObject({ code });
  });

  test('row 25: a delivery that comes again is handled once, also at the same time', async () => {
    let handled = 0;
    const receiver = createReceiver({ secrets, now: () => now, on: { tool_executed: () => void (handled += 1) } });
    const headers = { ...(await sign()), 'content-type': 'application/json' };
    await Promise.all(Array.from({ length: 20 }, () => receiver.receive(headers, body)));
    expect(await receiver.receive(headers, body)).toMatchObject({
      status: expect.toSatisfy((status: number) => status < 300),
    });
    expect(handled).toBe(1);
  });

  test('row 25: any of several secrets verifies, and a secret of nobody does not', async () => {
    const other = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
    const headers = await sign();
    await verifySignature(body, headers, { secrets: [other, secrets], now: () => now });
    await expect(verifySignature(body, headers, { secrets: other, now: () => now })).rejects.toMatchObject({
      code: 'signature_mismatch',
    });
  });

  test('row 25: what was parsed and written again is not the bytes that were signed', async () => {
    const headers = await sign();
    const again = new TextEncoder().encode(JSON.stringify(JSON.parse(new TextDecoder().decode(body)), undefined, 1));
    await expect(verifySignature(again, headers, { secrets, now: () => now })).rejects.toMatchObject({
      code: 'signature_mismatch',
    });
  });
});
