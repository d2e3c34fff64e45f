import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { readSettings } from './own-flags.ts';

test('flags may stand anywhere before the name of a called tool', () => {
  const line = parseCommandLine(['--json', 'tools', '-s', 'demo', 'call', '--timeout=5s', 'echo', '--json', 'x']);
  expect(line.words).toEqual(['tools', 'call']);
  expect(line.operands).toEqual(['echo']);
  expect(line.toolTokens).toEqual(['--json', 'x']);
  expect(readSettings(line.flags)).toMatchObject({ json: true, servers: ['demo'], timeoutMs: 5_000, validate: true });
});

test('everything after -- is the command of the server, and nothing of it is ours', () => {
  const line = parseCommandLine(['tools', 'call', 'echo', '--message', 'hi', '--', 'server', '--json', '--', 'x']);
  expect(line.toolTokens).toEqual(['--message', 'hi']);
  expect(line.command).toEqual(['server', '--json', '--', 'x']);
});

test('operands of other commands may stand between flags', () => {
  const line = parseCommandLine(['tools', 'list', 'a', '--json', 'b']);
  expect(line.operands).toEqual(['a', 'b']);
  expect(line.toolTokens).toEqual([]);
});

test.each<[argv: string[], message: string, hint: string]>([
  [['tools', 'list', '--jsno'], 'Unknown flag --jsno', 'Did you mean "--json"?'],
  [['tools', 'list', '--timeotu=5'], 'Unknown flag --timeotu', 'Did you mean "--timeout"?'],
  [
    ['tools', 'call', '--message', 'x', 'echo'],
    'Unknown flag --message',
    'Arguments come after the name: mcp tools call NAME --key value',
  ],
  [['-x'], 'Unknown flag -x', 'See mcp --help'],
])('%j is refused', (argv, message, hint) => {
  expect(() => parseCommandLine(argv)).toThrow(expect.objectContaining({ code: 'usage', message, hint }));
});

test.each<[argv: string[], message: string]>([
  [['-s'], '-s needs a value'],
  [['--config', '--json'], '--config needs a value'],
  [['--config='], '--config needs a value'],
  [['--json=yes'], '--json takes no value'],
  [['--timeout', 'soon'], '--timeout wants a time such as 500, 30s or 2m, not "soon"'],
  [['--header', 'nonsense'], "--header wants 'Name: value'"],
  [['--header', 'X: a\r\nY: b'], "--header wants 'Name: value'"],
])('%j is refused when it is read', (argv, message) => {
  expect(() => readSettings(parseCommandLine(argv).flags)).toThrow(expect.objectContaining({ code: 'usage', message }));
});

test('headers are read with and without a space, colons in the value kept', () => {
  const { flags } = parseCommandLine(['--header', 'Authorization: Bearer a:b', '--header', 'X-Key:v']);
  expect(readSettings(flags).headers).toEqual({ Authorization: 'Bearer a:b', 'X-Key': 'v' });
});
