import { describe, expect, test } from 'vitest';
import { AuthError, HttpError, ProtocolError, RateLimitError, SessionLostError } from '../errors.ts';
import { responseFrom } from '../../test-support/http-response.ts';
import { failureFrom, failureOf } from './http-failure.ts';

const from = 'http://example.test/mcp';
const request = { from, hadSession: false, credential: undefined };

function answer(status: number, body = '', headers: Record<string, string> = {}): Parameters<typeof failureFrom>[0] {
  return { status, body, header: (name) => headers[name] };
}

test.each([
  [401, AuthError, false],
  [403, AuthError, false],
  [429, RateLimitError, true],
  [400, HttpError, false],
  [404, HttpError, false],
  [405, HttpError, false],
  [408, HttpError, true],
  [413, HttpError, false],
  [425, HttpError, true],
  [500, HttpError, true],
  [502, HttpError, true],
  [503, HttpError, true],
])('HTTP %i is a %o, retryable: %s', (status, Class, retryable) => {
  const error = failureFrom(answer(status, 'out of order'), request);
  expect(error).toBeInstanceOf(Class);
  expect(error).toMatchObject({ status, retryable });
  expect(error.message).toContain(from);
});

test('a session is only lost by those who had one', () => {
  expect(failureFrom(answer(404), { ...request, hadSession: true })).toBeInstanceOf(SessionLostError);
  expect(failureFrom(answer(404), request)).toMatchObject({ code: 'http-error', status: 404 });
});

test('a JSON-RPC error keeps its code and data, whatever the status', () => {
  const error = { code: -32022, message: 'Unsupported\nversion', data: { supported: ['2026-07-28'] } };
  for (const status of [400, 404, 500, 503]) {
    const failure = failureFrom(answer(status, JSON.stringify({ jsonrpc: '2.0', id: null, error })), request);
    expect(failure).toBeInstanceOf(ProtocolError);
    expect(failure).toMatchObject({ rpcCode: -32022, data: error.data });
    expect(failure.message).toBe(`Unsupported version (-32022, HTTP ${status})`);
  }
});

test.each([['{"error":"bad_request"}'], ['{"error":{"message":"no code"}}'], ['[]'], ['{'], ['']])(
  'the body %j holds no JSON-RPC error',
  (body) => {
    expect(failureFrom(answer(400, body), request)).toBeInstanceOf(HttpError);
  },
);

describe('401 and 403', () => {
  test('name the header that was refused, and keep the challenge', () => {
    const refused = { ...request, credential: 'x-api-key' };
    const error = failureFrom(answer(401, 'no\nsuch key', { 'www-authenticate': 'Bearer realm="x"' }), refused);
    expect(error).toMatchObject({ status: 401, header: 'x-api-key', challenge: 'Bearer realm="x"', delivered: 'no' });
    expect(error.message).toBe(`${from} refuses the credential in the header x-api-key (HTTP 401: no such key)`);
  });

  test('say what to do when no credential was sent', () => {
    expect(failureFrom(answer(403), request).message).toMatch(
      /none was sent; give apiKey, bearer, headers or oauth \(HTTP 403\)$/,
    );
  });
});

test.each([
  [429, '2', 2000],
  [503, '1', 1000],
  [503, undefined, undefined],
])('HTTP %i with Retry-After %j asks to wait %j ms', (status, header, retryAfterMs) => {
  const headers = header === undefined ? {} : { 'retry-after': header };
  expect(failureFrom(answer(status, '', headers), request)).toMatchObject({ retryAfterMs });
});

test('a redirect to elsewhere is named, not followed', () => {
  const error = failureFrom(answer(302, '', { location: 'http://elsewhere.test/' }), request);
  expect(error.message).toBe(
    `${from} answered HTTP 302: it redirects to http://elsewhere.test/, which is not followed to another origin`,
  );
});

test('a long body is read in part, and quoted in part, on one line', async () => {
  let chunks = 0;
  const body = (async function* () {
    for (; chunks < 5000; chunks++) yield new TextEncoder().encode('\u001B[31m\n'.repeat(200));
  })();
  const error = await failureOf(responseFrom(body, { status: 502 }), request);
  expect(chunks).toBeLessThan(100);
  expect(error.message).toMatch(/^http:\/\/example\.test\/mcp answered HTTP 502: (\\u\{1b\}\[31m )+/);
  expect(error.message.length).toBeLessThan(2048);
  expect((error as HttpError).body.length).toBeLessThanOrEqual(2049);
});

test('the status alone is enough when the body breaks', async () => {
  const body = (async function* (): AsyncGenerator<Uint8Array> {
    throw new Error('reset');
  })();
  const error = await failureOf(responseFrom(body, { status: 500 }), request);
  expect(error).toMatchObject({ status: 500, body: '', message: `${from} answered HTTP 500` });
});
