import { expect, test } from 'vitest';
import { matchesPattern } from './pattern.ts';

const evil = [
  '(a+)+$',
  '^(a+)+$',
  '([a-zA-Z]+)*$',
  '(a|aa)+$',
  '(a|a?)+$',
  '(.*a){20}$',
  '^(\\d+)*$',
  '(x+x+)+y',
  'a*a*a*a*a*a*b',
  '^(a?){30}a{30}$',
  `^${'a?'.repeat(40)}${'a'.repeat(40)}$`,
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(a*)*b',
  '((a+)?)+$',
  '(?:a+)+$',
  '^(?<word>a+)+$',
  '(\\w+\\s?)*$',
  '\\s+$',
  'a+a+$',
  '.*.*.*=.*',
  '^(a|b|ab)*c$',
  '(a{1,50}){1,50}$',
  '(a{0,100000}){2}$',
  '^([a-z0-9]+-?)*$',
  '(\\[[^]]*\\]|a+)*$',
  '(?:a{1000}){100}b',
  'a{50000}b',
  '(?:(?:a|a)(?:a|a)(?:a|a)){12}$',
  '^(?=(a+)+$)b',
  '(?!.*(x+x+)+y)x*',
  '(?<=(a|aa)+)!x',
  '(?=a*a*a*b)a*(?=a*b)a*b',
  '(?=(?=(?=a*b)a*b)a*b)a*b',
];

test.each(evil)('takes no time over %s', (pattern) => {
  const started = performance.now();
  for (const length of [10, 30, 100, 1000, 50_000]) {
    for (const character of ['a', ' ', '1', 'x']) matchesPattern(pattern, `${character.repeat(length)}!`);
  }
  expect(performance.now() - started).toBeLessThan(1000);
});

test.each([
  ['refers back', '^(a)\\1$'],
  ['refers back by name', '^(?<a>a)\\k<a>$'],
  ['repeats a look ahead', '^(?:(?=a+)a)+$'],
  ['sets flags', '(?i:a)'],
  ['repeats a repetition', '^(a+)+$'],
  ['is very long', 'a'.repeat(1001)],
  ['is none', '[a'],
  ['is none, by brackets', '(a'],
  ['is none, by a closing bracket', 'a)'],
])('does not try a pattern that %s', (_title, pattern) => {
  expect(matchesPattern(pattern, 'aa')).toBeUndefined();
});

test.each([
  ['^[a-z0-9_-]{1,64}$', 'my-name', 'My Name'],
  ['^#[0-9A-Fa-f]{6}$', '#00ff00', '#00ff0'],
  ['^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$', 'me@example.com', 'me@example'],
  ['^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{3})?Z$', '2026-11-21T12:00:00.000Z', '2026-11-21'],
  ['^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$', '01234567-89ab-cdef-0123-456789abcdef', '0123'],
  ['^(timestamp|duration):(asc|desc)$', 'duration:asc', 'duration'],
  ['^(?:mapbox:\\/\\/styles\\/)?[a-zA-Z0-9_-]+(\\/[a-zA-Z0-9_-]+)?$', 'mapbox://styles/me/one', '//'],
  ['^[Hh][Tt][Tt][Pp][Ss]?://', 'https://example.com', 'ftp://example.com'],
  ['^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\\.){3}[0-9]{1,3}$', '127.0.0.1', '127.0.0'],
  ['^\\p{Lu}\\u{1F469}?$', 'Ä👩', 'ä'],
  ['^[\\w\\-\\.]+$', 'a-b.c', 'a b'],
  ['.+-T[0-9]+', 'AB-T12', 'AB-12'],
  ['^[a-z][\\]a-z]*$', 'a]b', 'a[b'],
  ['\\S', ' a ', '  '],
  ['^(?!\\s*$).+', 'a b', '  '],
  ['^(?=.*[A-Z])(?=.*\\d).{4,}$', 'aB3x', 'ab3x'],
  ['(?<!-)b$', 'ab', '-b'],
  ['(?<=a)b', 'ab', 'cb'],
  ['', 'anything', undefined],
])('tries %s', (pattern, fitting, other) => {
  expect(matchesPattern(pattern, fitting)).toBe(true);
  if (other !== undefined) expect(matchesPattern(pattern, other)).toBe(false);
});
