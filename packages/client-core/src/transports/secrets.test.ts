import { expect, test } from 'vitest';
import { Secrets } from './secrets.ts';

function knowing(...values: string[]): Secrets {
  const secrets = new Secrets();
  for (const value of values) secrets.add(value);
  return secrets;
}

test.each([
  ['the token is abcdefgh', 'the token is [redacted]'],
  ['abcdefghabcdefgh', '[redacted][redacted]'],
  ['cut: abcdefg…', 'cut: [redacted]…'],
  ['cut: abcdef… more', 'cut: [redacted]… more'],
  ['the end of abcdef', 'the end of [redacted]'],
  ['cdefgh is the rest', '[redacted] is the rest'],
  ['abc… is a word', 'abc… is a word'],
  ['nothing', 'nothing'],
])('%s reads %s', (text, safe) => {
  expect(knowing('abcdefgh').hide(text)).toBe(safe);
});

test('a secret that holds another is hidden whole', () => {
  expect(knowing('abcdef', 'abcdefgh').hide('x abcdefgh y')).toBe('x [redacted] y');
});

test('short values are words, not secrets', () => {
  expect(knowing('admin').hide('admin')).toBe('admin');
});

test('headers and variables are secret by their names, with and without a scheme', () => {
  const secrets = new Secrets();
  secrets.addNamed({ Authorization: 'Bearer abcdefgh', 'X-Tenant': 'tenant-1', DB_PASSWORD: 'pass-word' });
  expect(secrets.hide('Bearer abcdefgh, abcdefgh, tenant-1, pass-word')).toBe(
    '[redacted], [redacted], tenant-1, [redacted]',
  );
});

test('user, password and query of a URL are secret, as they are written, decoded and sent', () => {
  const secrets = new Secrets();
  secrets.addUrl(new URL('https://someone:p%40ssword@x.example/?key=a%20b%20c%20d&n=1'));
  const basic = btoa('someone:p@ssword');
  expect(secrets.hide(`someone p%40ssword p@ssword ${basic} a b c d a%20b%20c%20d 1`)).toBe(
    `${'[redacted] '.repeat(6)}1`,
  );
});

test('JSON keeps its shape, and errors stay themselves, with their causes', () => {
  const secrets = knowing('abcdefgh');
  expect(secrets.hideIn({ abcdefgh: ['x abcdefgh', 1, null] })).toEqual({ '[redacted]': ['x [redacted]', 1, null] });
  const cause = Object.assign(new TypeError('abcdefgh is wrong'), { data: { token: 'abcdefgh' } });
  const error = new Error('failed: abcdefgh', { cause });
  expect(secrets.hideInError(error)).toBe(error);
  expect([error.message, cause.message, cause.data]).toEqual([
    'failed: [redacted]',
    '[redacted] is wrong',
    { token: '[redacted]' },
  ]);
  expect(error.stack).not.toContain('abcdefgh');
});

test('what programs read of an error stays as it is', () => {
  const error = Object.assign(new Error('a timeout'), { code: 'timeout', delivered: 'unknown' });
  knowing('timeout', 'unknown').hideInError(error);
  expect(error).toMatchObject({ message: 'a [redacted]', code: 'timeout', delivered: 'unknown' });
});

test('old tokens make way for new ones', () => {
  const secrets = knowing(...Array.from({ length: 100 }, (_none, index) => `token-number-${index}.`));
  expect(secrets.hide('token-number-0. token-number-99.')).toBe('token-number-0. [redacted]');
});
