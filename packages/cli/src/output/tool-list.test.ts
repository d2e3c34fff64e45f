import { expect, test } from 'vitest';
import { firstSentence, formatToolList } from './tool-list.ts';

const inputSchema = { type: 'object' as const };
const tools = [
  { name: 'short', description: 'Does this. And more.', inputSchema },
  { name: 'a_longer_name', title: 'A title', inputSchema },
  { name: 'bare', inputSchema },
];

test('one server is listed as aligned lines', () => {
  expect(formatToolList([{ name: 'a', tools }], undefined)).toBe(
    'short          Does this.\na_longer_name  A title\nbare\n',
  );
});

test('several servers are listed side by side under their names', () => {
  const listed = formatToolList(
    [
      { name: 'a', tools: tools.slice(0, 1) },
      { name: 'b', tools: [] },
    ],
    undefined,
  );
  expect(listed).toBe('a\n  short  Does this.\n\nb\n  (no tools)\n');
});

test('lines are cut to a terminal, and only to a terminal', () => {
  const long = [{ name: 'x', description: 'word '.repeat(50), inputSchema }];
  expect(formatToolList([{ name: 'a', tools: long }], 20)).toHaveLength(20);
  expect(formatToolList([{ name: 'a', tools: long }], undefined).length).toBeGreaterThan(200);
});

test('what a server calls its tools cannot reach the terminal', () => {
  const evil = [{ name: 'x\u001b[2J', description: '\u202eevil\nline', inputSchema }];
  expect(formatToolList([{ name: 'a', tools: evil }], undefined)).toBe('x\\x1b[2J  \\u{202e}evil line\n');
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
