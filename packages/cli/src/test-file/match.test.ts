import { expect, test } from 'vitest';
import { match } from './match.ts';

test.each<[actual: unknown, wanted: unknown, message: string | undefined]>([
  ['tea', 'tea', undefined],
  ['tea', 'milk', 'expected "milk", got "tea"'],
  [{ a: 1, b: [2] }, { b: [2], a: 1 }, undefined],
  [undefined, 3, 'expected 3, got nothing'],
  ['green tea', { contains: 'tea' }, undefined],
  ['green tea', { contains: ['green', 'milk'] }, '"milk" is not in "green tea"'],
  [['tea', { id: 1 }], { contains: { id: 1 } }, undefined],
  [['tea'], { contains: 'milk' }, '"milk" is not in ["tea"]'],
  ['tea 3', { matches: String.raw`^\w+ \d$` }, undefined],
  [3, { matches: '^4' }, '3 does not match /^4/'],
  ['tea', { equals: { contains: 'x' } }, 'expected {"contains":"x"}, got "tea"'],
  [{ contains: 'x' }, { equals: { contains: 'x' } }, undefined],
  [{ contains: 'x', more: 1 }, { contains: 'x', more: 1 }, undefined],
  [{}, {}, undefined],
  ['tea', { contains: 'tea', matches: '^m' }, '"tea" does not match /^m/'],
])('%j against %j: %s', (actual, wanted, message) => {
  expect(match(actual, wanted)?.message).toBe(message);
});
