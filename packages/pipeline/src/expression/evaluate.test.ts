import { expect, test } from 'vitest';
import { evaluate } from './evaluate.ts';
import { parseExpression } from './parse-expression.ts';

const scope = {
  item: { number: 7 },
  result: { messages: [{ text: 'Created (gh-71)' }, { text: 'Created (gh-7)' }] },
  list: [3, '1', { a: 1 }],
};

test.each<[expression: string, value: unknown]>([
  ["'(gh-' + item.number + ')'", '(gh-7)'],
  ["'(gh-' + item.number + ')' in result.messages[*].text", true],
  ["'(gh-8)' in result.messages[*].text", false],
  ["'a' in 'cat' && !('x' in 'cat')", true],
  ['3 in list && !(1 in list)', true],
  ["'' in 'cat'", false],
  ["'x' in nothing", false],
  ["'x' + nothing", undefined],
  ["item.number + 1 == '71'", true],
])('%s', (expression, value) => {
  expect(evaluate(parseExpression(expression), scope)).toEqual(value);
});
