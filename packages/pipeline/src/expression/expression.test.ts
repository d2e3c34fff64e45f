import { describe, expect, test } from 'vitest';
import { evaluateText, fill, pathsIn } from './template.ts';

const scope = {
  input: { state: 'open', limit: 3, nothing: null, empty: [] },
  steps: {
    issues: {
      result: [
        { number: 1, title: 'a' },
        { number: 2, title: 'b' },
      ],
    },
    'two-words': { result: 'x' },
  },
  texts: ['#1 is open', '#2'],
  item: { 'a b': 1, deep: { list: [[1, 2], [3]] } },
};

describe('an expression gives', () => {
  test.each<[string, unknown]>([
    ['input.state', 'open'],
    ['steps.issues.result[0].title', 'a'],
    ['steps.issues.result[-1].number', 2],
    ['steps.issues.result[*].number', [1, 2]],
    ['steps.issues.result.length', 2],
    ['input.state.length', 4],
    ['steps.two-words.result', 'x'],
    ["item['a b']", 1],
    ['item.deep.list[*][0]', [1, 3]],
    ['input.limit == 3', true],
    ['input.state == "open" && input.limit > 2', true],
    ["input.state != 'open' || input.limit <= 2", false],
    ['!(input.limit >= 4)', true],
    ['input.missing ?? "none"', 'none'],
    ['input.nothing == input.missing', true],
    ['input.empty && true', []],
    ['!input.empty', true],
    ['input.limit > "2"', false],
    ['item.deep == item.deep', true],
    ['-1.5', -1.5],
    ['false || null', null],
    ["'#' + input.limit + ' is ' + input.state", '#3 is open'],
    ["'pe' in input.state", true],
    ["'' in input.state", false],
    ["'b' in steps.issues.result[*].title", true],
    ['2 in steps.issues.result[*].number', true],
    ['3 in steps.issues.result[*].number', false],
    ["'is o' in texts", true],
    ["'x' in input.missing", false],
    ["input.missing + 'x'", undefined],
  ])('%s → %j', (text, value) => {
    expect(evaluateText(text, scope)).toEqual(value);
  });
});

test.each(['constructor', 'input.constructor', 'input.__proto__', 'steps.issues.result.map', 'input.state.at'])(
  'reads own properties only: %s is not there',
  (text) => {
    expect(evaluateText(text, scope)).toBeUndefined();
  },
);

test.each([
  ['', 'ends too early'],
  ['input.', 'ends too early'],
  ['input..state', 'unexpected "."'],
  ['(input', 'ends too early'],
  ['input state', 'unexpected "state"'],
  ['input.state()', 'unexpected "("'],
  ['a; b', 'has ";" at 2'],
  ['input[x]', 'unexpected "x"'],
  [`${'!'.repeat(60)}a`, 'nested deeper than 50'],
])('refuses %j: %s', (text, problem) => {
  expect(() => evaluateText(text, scope)).toThrow(
    expect.objectContaining({ code: 'expression-invalid', message: expect.stringContaining(problem) }),
  );
});

test('a text that is one placeholder becomes its value, any other holds the text of it', () => {
  expect(fill('${{ input.limit }}', scope)).toBe(3);
  expect(fill(' ${{ input }} ', scope)).toEqual(scope.input);
  expect(fill('#${{ steps.issues.result[0].number }} is ${{ input.state }}', scope)).toBe('#1 is open');
  expect(fill('${{ item.deep }}!', scope)).toBe('{"list":[[1,2],[3]]}!');
});

test('fills in whole structures, and leaves what holds no placeholder', () => {
  const template = {
    list: ['${{ input.limit }}', true],
    labels: { ['__proto__']: '${{ input.state }}' },
    note: '$ { }',
  };
  const filled = fill(template, scope) as typeof template;
  expect(filled.list).toEqual([3, true]);
  expect(Object.entries(filled.labels)).toEqual([['__proto__', 'open']]);
  expect(filled.note).toBe('$ { }');
});

test('says which value is not there rather than filling in nothing', () => {
  expect(() => fill({ title: '${{ input.titel }}' }, scope)).toThrow('input.titel is not there');
});

test('tells every path that a template uses', () => {
  const paths = pathsIn({ a: ['${{ input.x == steps.y.result }}'], b: 'no', c: 'as ${{ !item }} and ${{ key }}' });
  expect(paths.map(({ root }) => root)).toEqual(['input', 'steps', 'item', 'key']);
});
