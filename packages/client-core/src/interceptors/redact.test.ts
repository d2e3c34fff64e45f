import { expect, test } from 'vitest';
import { redact, redactText } from './redact.ts';

const secretKeys = [
  'token',
  'access_token',
  'Authorization',
  'proxy-authorization',
  'authHeader',
  'password',
  'PASSWD',
  'client_secret',
  'Set-Cookie',
  'cookie',
  'apiKey',
  'x-api-key',
  'API KEY',
  'private_key',
  'AWS_SECRET_ACCESS_KEY',
  'credentials',
];

test.each(secretKeys)('hides the value of %s, whatever it is', (key) => {
  const hidden = { [key]: '[redacted]' };
  expect(redact({ [key]: 'canary' }, 4096)).toEqual(hidden);
  expect(redact({ [key]: { nested: ['canary'] } }, 4096)).toEqual(hidden);
  expect(redact([{ deep: { [key]: 7 } }], 4096)).toEqual([{ deep: hidden }]);
});

test.each(['author', 'name', 'key', 'passenger', 'monkey', 'compass'])('shows the value of %s', (key) => {
  expect(redact({ [key]: 'shown' }, 4096)).toEqual({ [key]: 'shown' });
});

test.each([
  ['Authorization: Bearer canary-1', 'Authorization: Bearer [redacted]'],
  ['https://me:canary@host/path', 'https://[redacted]@host/path'],
  ['see https://host/path?key=canary#top', 'see https://host/path?[redacted]#top'],
  ['postgres://me:canary@db/x?sslkey=canary', 'postgres://[redacted]@db/x?[redacted]'],
  ['who? me@example.com', 'who? me@example.com'],
])('hides the secrets within %s', (text, safe) => {
  expect(redactText(text, 4096)).toBe(safe);
});

test('a secret that begins before the cut is not shown in part', () => {
  expect(redactText(`${'x'.repeat(80)} https://me:canary-${'y'.repeat(40)}@host`, 100)).not.toContain('canary');
});

function chain(depth: number): unknown {
  let value: unknown = 'end';
  for (let level = 0; level < depth; level++) value = { a: value };
  return value;
}

const cyclic: Record<string, unknown> = {};
cyclic['self'] = [cyclic];

test.each<[string, unknown]>([
  ['one long string', 'x'.repeat(5_000_000)],
  ['a long list', Array.from({ length: 200_000 }, () => 'item')],
  ['many keys', Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`key ${index}`, index]))],
  ['long keys', { ['k'.repeat(5_000_000)]: 1 }],
  ['depth', chain(1_000_000)],
  ['a cycle', cyclic],
  ['a word that looks like the beginning of a URL', 'a+'.repeat(500_000)],
])('%s stays small, and is read quickly', (_title, value) => {
  const startedAt = performance.now();
  expect(JSON.stringify(redact(value, 4096)).length).toBeLessThan(3 * 4096);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

test('values of JSON stay what they are, and `__proto__` is a key like any other', () => {
  const value: unknown = JSON.parse('{"a":[1,null,true,"x"],"__proto__":{"b":2},"constructor":3}');
  expect(JSON.stringify(redact(value, 4096))).toBe(JSON.stringify(value));
  expect(redact({ at: new Date(0), big: 12n }, 4096)).toEqual({ at: '1970-01-01T00:00:00.000Z', big: '12' });
});
