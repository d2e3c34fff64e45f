import { expect, test } from 'vitest';
import { parseExactNumber } from './exact-number.ts';

test.each([
  ['0', 0],
  ['-0', 0],
  ['7', 7],
  ['-5', -5],
  ['1.0', 1],
  ['0.10', 0.1],
  ['1e3', 1000],
  ['1.5E-7', 1.5e-7],
  ['123.456', 123.456],
  ['9007199254740991', 9007199254740991],
  ['100000000000000000000000', 1e23],
  [' 42\n', 42],
])('reads %j as %j', (text, expected) => {
  expect(parseExactNumber(text)! + 0).toBe(expected);
});

test.each([
  '',
  'abc',
  '007',
  '+5',
  '.5',
  '5.',
  '0x10',
  '1_000',
  'NaN',
  'Infinity',
  '1e999',
  '9007199254740993',
  '1 2',
  '0.1000000000000000055',
])('refuses %j, of which something would be lost', (text) => {
  expect(parseExactNumber(text)).toBeUndefined();
});
