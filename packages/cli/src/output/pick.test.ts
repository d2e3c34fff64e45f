import { expect, test } from 'vitest';
import { parsePath, pickAt } from './pick.ts';

const value = { rows: [{ id: 1, 'first name': 'Ada' }, { id: 2 }], 'a.b': { c: null }, 7: 'seven', empty: [] };

test.each<[path: string, found: unknown]>([
  ['.', value],
  ['rows[0].id', 1],
  ['.rows[1].id', 2],
  ['rows[-1].id', 2],
  ['rows[*].id', [1, 2]],
  ['rows[].id', [1, 2]],
  ['rows[*]["first name"]', ['Ada']],
  ['["a.b"].c', null],
  ['7', 'seven'],
  ['empty[*].id', []],
  ['rows[2]', undefined],
  ['rows.length', undefined],
  ['rows[*].none', undefined],
  ['constructor', undefined],
  ['__proto__', undefined],
  ['rows[0].id.deeper', undefined],
])('%s', (path, found) => {
  expect(pickAt(value, parsePath(path))).toEqual(found);
});

test.each(['rows[', 'rows[x]', 'a..b', 'a]', '["a]', 'a b', 'rows[0'])('%s is refused', (path) => {
  expect(() => parsePath(path)).toThrow('--pick cannot read');
});
