import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { formatYaml } from './yaml.ts';

const values: readonly unknown[] = [
  null,
  'text',
  42,
  [],
  {},
  { a: 1, b: [1, [2, [3]], { c: [] }], d: { e: { f: 'g' } } },
  [[{ a: 1, b: 2 }], 'x'],
  [
    'yes',
    'no',
    'null',
    '~',
    '',
    ' ',
    'a: b',
    'a #b',
    '- a',
    '#',
    '007',
    '1e3',
    '0x1f',
    '12:30',
    '@x',
    '*x',
    '&x',
    '%',
    '?',
  ],
  { 'a: b': 1, '': 2, '- x': 3, true: 4, 'with space ': 5, '\n': 6 },
  { prose: 'one\n  two\n\nthree', list: ['one\ntwo'], edges: ['\n', 'a\n', ' a\nb', 'a\n b', '---\n...'] },
  ['\u0000\u001b[2J', '\u{e0041}\u202e', 'é 天 🙂', '\r\n', '\ttab', '"quoted"', "it's", '\\'],
  'one\ntwo',
];

test.each(values.map((value) => [value]))('%j is read back as it was', (value) => {
  expect(parse(formatYaml(value))).toEqual(value);
});

test('reads well', () => {
  expect(formatYaml({ tools: [{ name: 'echo', tags: ['a'], text: 'one\ntwo' }] })).toBe(
    'tools:\n  - name: echo\n    tags:\n      - a\n    text: |-\n      one\n      two\n',
  );
});

test('holds nothing that a terminal acts on', () => {
  expect(formatYaml(['\u001b[2J\u202e'])).toBe('- "\\u001b[2J\\u202e"\n');
});
