import { expect, test } from 'vitest';
import { rateLimitResetMs, retryAfterMs } from './retry-after.ts';

const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

test.each([
  ['1', 1000],
  [' 120 ', 120_000],
  ['0', 0],
  ['0.5', 500],
  ['-1', 0],
  ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
  ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
  ['soon', undefined],
  ['Infinity', undefined],
  ['', undefined],
  ['  ', undefined],
  [undefined, undefined],
])('%j asks to wait %j ms', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});

test.each<[string, Record<string, string>, string, number | undefined]>([
  ['Retry-After before all else', { 'retry-after': '1', 'ratelimit-reset': '9' }, '{"retry_after":9}', 1000],
  ['RateLimit-Reset, in seconds', { 'ratelimit-reset': '30' }, '', 30_000],
  ['X-RateLimit-Reset, since 1970', { 'x-ratelimit-reset': String(now / 1000 + 5) }, '', 5000],
  ['a reset that is over', { 'x-ratelimit-reset': String(now / 1000 - 5) }, '', 0],
  ['retry_after in the body', {}, '{"code":"RATE_LIMIT_EXCEEDED","retry_after":2.5}', 2500],
  ['reset_in_seconds in the body', {}, '{"reset_in_seconds":"7"}', 7000],
  ['nothing that can be read', { 'ratelimit-reset': 'soon' }, '{"retry_after":null}', undefined],
  ['a body that is no JSON', {}, 'Too many requests', undefined],
])('a refusal for too many requests: %s', (_title, headers, body, expected) => {
  expect(rateLimitResetMs({ header: (name) => headers[name], body }, now)).toBe(expected);
});
