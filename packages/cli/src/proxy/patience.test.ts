import { HttpError, RateLimitError, type McpRequest } from '@toolwire/client-core';
import { describe, expect, test } from 'vitest';
import { patience } from './patience.ts';

/** A server that refuses with these errors, one after another, and then answers; what was waited for, and what was said. */
async function outcome(
  errors: Error[],
  method = 'tools/call',
): Promise<{ result: unknown; waits: number[]; said: string[] }> {
  let now = 0;
  const waits: number[] = [];
  const said: string[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
    now += ms;
  };
  const log = { say: (line: string) => void said.push(line), detail: () => {}, stderr: () => {} };
  const handle = patience({ log, wait, now: () => now })(async () => {
    const error = errors.shift();
    if (error !== undefined) throw error;
    return 'answered';
  });
  const request: McpRequest = { method, params: {}, options: {} };
  return { result: await handle(request).catch((error: unknown) => error), waits, said };
}

const tooMany = (retryAfterMs?: number): RateLimitError => new RateLimitError('Too many', { body: '', retryAfterMs });
const http = (status: number): HttpError => new HttpError('No', { status, body: '' });

describe('a server that refuses without naming a time', () => {
  test('is asked again, more and more rarely', async () => {
    expect(await outcome([tooMany(), tooMany(), tooMany(), tooMany(), tooMany()])).toMatchObject({
      result: 'answered',
      waits: [2000, 4000, 8000, 15_000, 15_000],
    });
  });

  test('is given up after a good minute', async () => {
    const { result, waits } = await outcome(Array.from({ length: 20 }, () => tooMany()));
    expect(result).toBeInstanceOf(RateLimitError);
    expect(waits.reduce((sum, ms) => sum + ms)).toBeLessThanOrEqual(75_000);
  });

  test('is told of, without a word of what it said', async () => {
    expect((await outcome([tooMany()])).said).toEqual([
      'the server refuses tools/call for now (HTTP 429); asks again in 2 s',
    ]);
  });
});

test.each([
  ['429 that names a time', tooMany(1000), 'tools/call'],
  ['503 for a call, which may have been carried out', http(503), 'tools/call'],
  ['500', http(500), 'initialize'],
  ['another error', new Error('other'), 'tools/call'],
])('%s is not for it', async (_what, error, method) => {
  expect(await outcome([error], method)).toMatchObject({ result: error, waits: [] });
});

test('503 in the handshake is waited out', async () => {
  expect(await outcome([http(503)], 'initialize')).toMatchObject({ result: 'answered', waits: [2000] });
});
