import { describe, expect, test } from 'vitest';
import { checkEncrypted, credentialHeader, isReadable } from './credentials.ts';

const https = new URL('https://mcp.example/mcp');

describe('the header that says who asks', () => {
  test.each([
    ['Authorization', 'authorization'],
    ['X-API-Key', 'x-api-key'],
    ['X-Client-Key', 'x-client-key'],
    ['Cookie', 'cookie'],
    ['X-Access-Token', 'x-access-token'],
    ['X-Shared-Secret', 'x-shared-secret'],
    ['Accept', undefined],
    ['Idempotency-Key', undefined],
    ['Mcp-Param-Token', undefined],
  ])('is %s: %s', (name, header) => {
    expect(credentialHeader(https, { [name]: 'x' })).toBe(header);
  });

  test('is made of user and password of the URL', () => {
    expect(credentialHeader(new URL('https://user:word@mcp.example/'), {})).toBe('authorization');
    expect(credentialHeader(https, {})).toBeUndefined();
  });
});

test.each([
  ['http://mcp.example/', true],
  ['ws://10.0.0.1/', true],
  ['http://localhost.evil.example/', true],
  ['http://127.0.0.1.evil.example/', true],
  ['http://0.0.0.0/', true],
  ['https://mcp.example/', false],
  ['wss://mcp.example/', false],
  ['http://localhost:8000/', false],
  ['http://api.localhost/', false],
  ['http://127.8.9.1/', false],
  ['http://2130706433/', false],
  ['ws://[::1]:1/', false],
])('what is sent to %s can be read on the way: %s', (url, readable) => {
  expect(isReadable(new URL(url))).toBe(readable);
});

test('a credential does not go where it can be read, and everything else does', () => {
  const url = new URL('http://user@mcp.example:81/mcp?key=canary');
  expect(() => checkEncrypted(url, { 'x-api-key': 'canary' })).toThrow(
    expect.objectContaining({
      code: 'config-invalid',
      message: expect.stringMatching(/x-api-key.*http:\/\/mcp.example:81.*https:/),
    }),
  );
  expect(() => checkEncrypted(new URL('http://mcp.example/'), { accept: 'x' })).not.toThrow();
});
