import { expect, test } from 'vitest';
import { firstSentence, formatTable, type TableGroup } from './table.ts';

const rows = [
  ['short', 'Does this.'],
  ['a_longer_name', 'A title'],
  ['bare', ''],
];

function format(groups: readonly TableGroup[], columns?: number): string {
  return formatTable({ head: ['Name', 'About'], groups, plural: 'tools' }, columns);
}

test('one server is listed as aligned lines', () => {
  expect(format([{ name: 'a', rows }])).toBe('short          Does this.\na_longer_name  A title\nbare\n');
});

test('several servers are listed side by side under their names', () => {
  const listed = format([
    { name: 'a', rows: rows.slice(0, 1) },
    { name: 'b', rows: [] },
  ]);
  expect(listed).toBe('a\n  short  Does this.\n\nb\n  (no tools)\n');
});

test('lines are cut to a terminal, and only to a terminal', () => {
  const long = [['x', 'word '.repeat(50)]];
  expect(format([{ name: 'a', rows: long }], 20)).toHaveLength(20);
  expect(format([{ name: 'a', rows: long }]).length).toBeGreaterThan(200);
});

test('wide characters count for the two columns that they fill', () => {
  const wide = [
    ['天気', 'ab'],
    ['e\u0301te', 'cd'],
  ];
  expect(format([{ name: 'a', rows: wide }])).toBe('天気  ab\ne\u0301te   cd\n');
  expect(format([{ name: 'a', rows: [['天'.repeat(20)]] }], 11)).toBe('天天天天…\n');
});

test('what a server calls its tools cannot reach the terminal', () => {
  const evil = [['x\u001b[2J', '\u202eevil\nline']];
  expect(format([{ name: 'a', rows: evil }])).toBe('x\\x1b[2J  \\u{202e}evil line\n');
});

test.each([
  ['One. Two.', 'One.'],
  ['Uses e.g. this. Then that.', 'Uses e.g. this.'],
  ['No end', 'No end'],
  ['Really? Yes.', 'Really?'],
  ['Version 1.5 of it', 'Version 1.5 of it'],
  ['', ''],
])('the first sentence of %j is %j', (text, expected) => {
  expect(firstSentence(text)).toBe(expected);
});
