import { describe, expect, test } from 'vitest';
import { safeJson, sanitize, sanitizeLine } from './sanitize.ts';

const attacks: readonly (readonly [what: string, text: string, printed: string])[] = [
  ['OSC 8', '\u001b]8;;http://evil\u001b\\x', '\\x1b]8;;http://evil\\x1b\\x'],
  ['OSC 52', '\u001b]52;c;aGk=\u0007', '\\x1b]52;c;aGk=\\x07'],
  ['CSI', '\u001b[2J', '\\x1b[2J'],
  ['C1', '\u009b2J', '\\x9b2J'],
  ['DEL', 'a\u007f', 'a\\x7f'],
  ['NUL', '\0', '\\x00'],
  ['a lone carriage return', 'safe\rEVIL', 'safe\\x0dEVIL'],
  ['backspace', 'a\b', 'a\\x08'],
  ['a right-to-left override', 'a\u202eb', 'a\\u{202e}b'],
  ['isolates', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
  ['zero-width characters', 'a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
  ['tag characters', 'a\u{e0000}\u{e0041}', 'a\\u{e0000}\\u{e0041}'],
];

describe('what a terminal would act on is written out', () => {
  test.each(attacks)('%s', (_what, text, printed) => {
    expect(sanitize(text)).toBe(printed);
  });
});

test.each(['plain', 'two\nlines\tand a tab', 'žluťoučký 日本語 😀 ❤️', 'C:\\x1b'])('%j is printed as it is', (text) => {
  expect(sanitize(text)).toBe(text);
});

test('the line ends of other systems become newlines', () => {
  expect(sanitize('a\r\nb')).toBe('a\nb');
});

test('a line has no line breaks', () => {
  expect(sanitizeLine(' a\n\tb\u2028c ')).toBe('a b c');
});

test.each(attacks)('JSON with %s is safe, and parses to the same', (_what, text) => {
  const json = safeJson({ text }, 0);
  expect(sanitize(json)).toBe(json);
  expect(JSON.parse(json)).toEqual({ text });
});
