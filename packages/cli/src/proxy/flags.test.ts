import { expect, test } from 'vitest';
import { parseProxyLine } from './flags.ts';

test('keeps every value of a flag, and leaves the command alone', () => {
  const line = parseProxyLine([
    '--header',
    'A: 1',
    'one',
    '--header=B:=2',
    '-v',
    '--',
    'cmd',
    '--header',
    'C: 3',
    '--',
  ]);
  expect(line.all('header')).toEqual(['A: 1', 'B:=2']);
  expect(line.last('header')).toBe('B:=2');
  expect(line.operands).toEqual(['one']);
  expect(line.has('verbose')).toBe(true);
  expect(line.command).toEqual(['cmd', '--header', 'C: 3', '--']);
});

test.each([
  [['--heeder', 'x'], /Unknown flag --heeder/],
  [['-x'], /Unknown flag -x/],
  [['--header'], /--header needs a value/],
  [['--header='], /--header needs a value/],
  [['--verbose=yes'], /--verbose takes no value/],
  [['--constructor', 'x'], /Unknown flag --constructor/],
])('refuses %j', (argv, message) => {
  expect(() => parseProxyLine(argv)).toThrow(message);
});
