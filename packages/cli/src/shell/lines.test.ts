import { describe, expect, test } from 'vitest';
import { readOwnFlag, type OwnFlag } from '../own-flags.ts';
import { commandLineOf, writtenOut } from './lines.ts';
import { splitLine, splitWords } from './split-words.ts';

describe('a line is taken apart as a shell does', () => {
  test.each<[line: string, words: string[]]>([
    ['', []],
    ['  a   b ', ['a', 'b']],
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`--q='{"a": 1}'x`, ['--q={"a": 1}x']],
    [String.raw`a\ b "c\"d\\e\n" 'f\g'`, ['a b', String.raw`c"d\e\n`, String.raw`f\g`]],
    [`'' ""`, ['', '']],
    [`it\\'s "it's" '"'`, ["it's", "it's", '"']],
    ['$HOME `id` * ; | > x', ['$HOME', '`id`', '*', ';', '|', '>', 'x']],
  ])('%s', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  test.each([`a "b`, `a 'b`])('but not with an open quote: %s', (line) => {
    expect(() => splitWords(line)).toThrow('is not closed');
  });

  test('as far as it goes, for what is still being typed', () => {
    expect(splitLine('tools call ec')).toMatchObject({ words: ['tools', 'call', 'ec'], current: 'ec' });
    expect(splitLine('tools ')).toMatchObject({ words: ['tools'], current: '' });
    expect(splitLine(`x "y`)).toMatchObject({ current: 'y', quote: '"' });
  });
});

describe('a line of the shell', () => {
  test.each<[line: string, whole: string]>([
    ['tools', 'tools list'],
    ['mcp tools', 'tools list'],
    ['tools show x', 'tools show x'],
    ['call x --a 1', 'tools call x --a 1'],
    ['read a:b', 'resources read a:b'],
    ['get p', 'prompts get p'],
    ['constructor', 'constructor'],
    ['rpc tools/list', 'rpc tools/list'],
  ])('%s is %s', (line, whole) => {
    expect(writtenOut(line.split(' ')).join(' ')).toBe(whole);
  });

  const flag = (...tokens: string[]): OwnFlag => readOwnFlag(tokens, 0)?.flag as OwnFlag; // It is one of ours.

  test('speaks to the servers of the shell, unless it names one', () => {
    const flags = [flag('--json'), flag('-s', 'a'), flag('--header', 'X: y'), flag('--timeout=5s')];
    const standing = { flags, servers: ['b'], command: undefined };
    expect(commandLineOf(['tools', 'list'], standing).join(' ')).toBe(
      '--json -s a --header X: y --timeout 5s -s b tools list',
    );
    expect(commandLineOf(['tools', 'list', '-s', 'c'], standing).join(' ')).toBe('--json --timeout 5s tools list -s c');
    expect(commandLineOf(['tools', 'list', '--', 'd'], standing).join(' ')).toBe('--json --timeout 5s tools list -- d');
    const started = { flags: [], servers: [], command: ['node', '--x'] };
    expect(commandLineOf(['ping'], started)).toEqual(['ping', '--', 'node', '--x']);
    expect(commandLineOf(['ping', '-s', 'c'], started)).toEqual(['ping', '-s', 'c']);
  });
});
