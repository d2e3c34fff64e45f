import { expect, test } from 'vitest';
import { formatPath } from './json-path.ts';

test.each([
  [[], ''],
  [['filter', 'ids', 0], 'filter.ids[0]'],
  [[0, 'a'], '[0].a'],
  [['a b', 'c'], '["a b"].c'],
  [['x-y', '$z', 'a.b', ''], 'x-y.$z["a.b"][""]'],
  [['line\nend'], '["line\\nend"]'],
])('writes %j as %s', (steps, text) => {
  expect(formatPath(steps)).toBe(text);
});
