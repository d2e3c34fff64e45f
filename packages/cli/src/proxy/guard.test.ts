import { describe, expect, test } from 'vitest';
import { guard, tokenOf } from './guard.ts';

const hosts = ['localhost', '127.0.0.1', '[::1]', 'box.lan'];

function statusFor(headers: Record<string, string | undefined>, tokens: readonly string[] = []): number | undefined {
  const check = guard({ hosts, origins: ['https://app.example', 'http://localhost:3000'], tokens });
  return check({ host: '127.0.0.1:1', ...headers })?.status;
}

describe('the Host header', () => {
  test.each([
    ['localhost', undefined],
    ['LOCALHOST:8080', undefined],
    ['127.0.0.1:1', undefined],
    ['[::1]:8080', undefined],
    ['box.lan', undefined],
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost:80@evil.example', 403],
    ['evil.example/localhost', 403],
    ['localhost evil.example', 403],
    ['', 403],
    [undefined, 403],
  ])('%s: %s', (host, status) => {
    expect(statusFor({ host })).toBe(status);
  });
});

describe('the Origin header', () => {
  test.each([
    [undefined, undefined],
    ['https://app.example', undefined],
    ['http://localhost:3000', undefined],
    ['http://localhost:3001', 403],
    ['http://app.example', 403],
    ['https://app.example.evil', 403],
    ['null', 403],
    ['', 403],
  ])('%s: %s', (origin, status) => {
    expect(statusFor({ origin })).toBe(status);
  });
});

describe('the token', () => {
  test.each([
    [{ authorization: 'Bearer one' }, undefined],
    [{ authorization: 'bearer  two' }, undefined],
    [{ 'x-api-key': 'two' }, undefined],
    [{ authorization: 'Basic one' }, 401],
    [{ authorization: 'Bearer one two' }, 401],
    [{ authorization: 'Bearer on' }, 401],
    [{ authorization: 'Bearer ' }, 401],
    [{}, 401],
  ])('%j: %s', (headers, status) => {
    expect(statusFor(headers, ['one', 'two'])).toBe(status);
  });

  test('is asked for last: who is not served at all learns nothing of it', () => {
    expect(statusFor({ host: 'evil.example' }, ['one'])).toBe(403);
  });

  test('is nothing when there is none', () => {
    expect(tokenOf({})).toBe('');
    expect(statusFor({}, [])).toBeUndefined();
  });
});
