import { expect, test } from 'vitest';
import { redactor } from '../proxy/redaction.ts';
import { redactMessage } from './redact-message.ts';

const redact = redactor(['canary-1']);
const hidden = '[redacted]';

test.each<readonly [what: string, message: object, safe: object]>([
  ['a configured value, wherever it stands', { a: [{ b: 'it is canary-1.' }] }, { a: [{ b: `it is ${hidden}.` }] }],
  ['what follows a scheme', { header: 'Bearer abc' }, { header: `Bearer ${hidden}` }],
  ['what a URL carries', { uri: 'https://me:pw@host/?key=1' }, { uri: `https://${hidden}@host/?${hidden}` }],
  ...['token', 'access_token', 'authToken', 'apiKey', 'x-api-key', 'password', 'client_secret', 'Authorization'].map(
    (name) => [`the value of ${name}`, { [name]: 'abc' }, { [name]: hidden }] as const,
  ),
])('hides %s', (_what, message, safe) => {
  expect(redactMessage(message, redact)).toEqual(safe);
});

test.each([
  { params: { _meta: { progressToken: 'abc' }, nextCursor: 'token' } },
  { properties: { password: { type: 'string' } }, author: 'Ada', tokens: 7 },
  JSON.parse('{"__proto__": {"a": 1}}'),
])('leaves %j as it is', (message) => {
  expect(JSON.stringify(redactMessage(message, redact))).toBe(JSON.stringify(message));
});
