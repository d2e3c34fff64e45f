import { expect, test } from 'vitest';
import { excerpt, quote } from './excerpt.ts';

test.each([
  ['lines become one', ' a\r\n  b\tc\u2028d ', 'a b c d'],
  ['terminal sequences', '\u001B[31mred\u0007', String.raw`\u{1b}[31mred\u{7}`],
  ['C1 controls', 'a\u009Bb', String.raw`a\u{9b}b`],
  ['right-to-left overrides', 'a\u202Eb', String.raw`a\u{202e}b`],
  ['zero-width characters', 'a\u200Bb', String.raw`a\u{200b}b`],
  ['tag characters', 'a\u{E0041}b', String.raw`a\u{e0041}b`],
  ['letters of any script stay', 'Grüße, 日本 👋', 'Grüße, 日本 👋'],
])('%s', (_title, text, expected) => {
  expect(excerpt(text)).toBe(expected);
});

test('a long text is cut, and says so', () => {
  expect(excerpt('abcdef', 3)).toBe('abc…');
  expect(excerpt('abc', 3)).toBe('abc');
  expect(excerpt('a'.repeat(5_000_000))).toBe(`${'a'.repeat(2048)}…`);
});

test('a text that shrinks when it is cleaned still says that it was cut', () => {
  expect(excerpt(`a    b${'c'.repeat(100)}`, 6)).toBe('a bc…');
});

test('what is escaped is never longer than the limit', () => {
  expect(excerpt('\u0007'.repeat(100), 20).length).toBeLessThanOrEqual(21);
});

test.each([
  ['a "b"', String.raw`"a \"b\""`],
  [['a', 1, null], '["a",1,null]'],
  [undefined, 'undefined'],
  [null, 'null'],
  ['\u202E', String.raw`"\u{202e}"`],
  ['x'.repeat(200), `"${'x'.repeat(99)}…`],
])('%o is quoted as %s', (value, expected) => {
  expect(quote(value)).toBe(expected);
});
