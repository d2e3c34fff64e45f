import { describe, expect, test } from 'vitest';
import { expandVariables, readHeaders, type HeaderSources } from './headers.ts';

const env = { KEY: 'secret', EMPTY: '', LINES: 'secret\n', TOKEN: 'abc' };

function read(sources: Partial<HeaderSources>): Record<string, string> {
  return readHeaders({ headers: [], file: undefined, bearerVariable: undefined, ...sources }, env);
}

describe('a header', () => {
  test.each([
    ['X-Client-Key: k', { 'X-Client-Key': 'k' }],
    ['X-Client-Key:k', { 'X-Client-Key': 'k' }],
    ['  X-Client-Key :  k  ', { 'X-Client-Key': 'k' }],
    ['Authorization: Bearer ${KEY}', { Authorization: 'Bearer secret' }],
    ['X-A:${MISSING:-default}', { 'X-A': 'default' }],
    ['X-Url: http://host:1/', { 'X-Url': 'http://host:1/' }],
    ['X-Price: $5', { 'X-Price': '$5' }],
  ])('%s', (header, expected) => {
    expect(read({ headers: [header] })).toEqual(expected);
  });

  test.each([
    ['X-Client-Key', /'Name: value'/],
    [': value', /'Name: value'/],
    ['X Client: value', /'Name: value'/],
    ['X-Client-Key:', /X-Client-Key has no value/],
    ['X-Key: ${MISSING}', /MISSING of the header X-Key is not set/],
    ['X-Key: ${EMPTY}', /X-Key has no value/],
    ['X-Key: ${LINES}\u0001', /X-Key has a character/],
    ['X-Key: a\r\nX-Evil: b', /X-Key has a character/],
    ['X-Key: ключ', /X-Key has a character/],
  ])('%j is refused, without its value in the message', (header, message) => {
    expect(() => read({ headers: [header] })).toThrow(message);
    expect(() => read({ headers: [header] })).not.toThrow(/secret/);
  });

  test('of the command line comes before that of the file, whatever the case', () => {
    const file = '# keys\nX-Client-Key: from file\r\n\nX-Other: ${KEY}\n';
    expect(read({ headers: ['x-client-key: k'], file })).toEqual({ 'x-client-key': 'k', 'X-Other': 'secret' });
  });

  test('can be a bearer token from a variable', () => {
    expect(read({ bearerVariable: 'TOKEN' })).toEqual({ Authorization: 'Bearer abc' });
    expect(() => read({ bearerVariable: 'MISSING' })).toThrow(/MISSING/);
    expect(() => read({ bearerVariable: '__proto__' })).toThrow(/__proto__/);
  });
});

test('a value of the environment is not looked into for further variables', () => {
  expect(expandVariables('${A}', { A: '${B}', B: 'no' }, 'here')).toBe('${B}');
});
