import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureEntry, folderWith, input, runCli, type Outcome } from '../../test-fixtures/run-cli.ts';
import type { Io } from '../io.ts';

const configuration = { mcpServers: { local: fixtureEntry() } };

function call(words: readonly string[], io: Partial<Io> = {}, before: readonly string[] = []): Promise<Outcome> {
  return runCli([...before, 'tools', 'call', ...words], { cwd: folderWith({ 'mcp.json': configuration }), ...io });
}

describe('a call prints what the tool answers', () => {
  test.each<[words: string[], stdout: string]>([
    [['echo', '--message', 'hello'], 'hello\n'],
    [['echo', 'message=hello'], 'hello\n'],
    [['echo', '--message=007'], '007\n'],
    [['local/echo', '--message', 'x', '-s', 'local'], 'x\n'],
    [['local/echo', '--message', 'x'], 'x\n'],
    [['get_user', '--user_id', '123'], '{"user_id":123}\n'],
    [
      ['get_user', '--user-id', '123', '--tags', 'a', '--tags', 'b', '--no-verbose'],
      '{"user_id":123,"tags":["a","b"],"verbose":false}\n',
    ],
    [['get_user', 'user_id:=123'], '{"user_id":123}\n'],
    [['get_user', '--input', '{"user_id":5}'], '{"user_id":5}\n'],
    [['get_user', '--user_id', '1', '--no-validate', 'tags:=7'], '{"user_id":1,"tags":7}\n'],
    [['odd', '--value', 'red'], '{"value":"red"}\n'],
    [['picture'], '[image image/png, 12 kB]\n'],
    [['structured'], '{\n  "answer": 42\n}\n'],
  ])('%j', async (words, stdout) => {
    expect(await call(words)).toEqual({ exitCode: 0, stdout, stderr: '' });
  });

  test('as the protocol has it, with --json', async () => {
    const { stdout } = await call(['structured'], {}, ['--json']);
    expect(JSON.parse(stdout)).toEqual({ content: [], structuredContent: { answer: 42 } });
  });

  test('of whatever size', async () => {
    const { stdout } = await call(['big']);
    expect(stdout).toHaveLength(2 ** 20 + 1);
  });

  test('with nothing in it that a terminal would act on', async () => {
    const { stdout } = await call(['evil']);
    expect(stdout).toBe('\\x1b]52;c;aGk=\\x07\\x9b2J\\u{202e}\\u{e0041}\\u{200b}plain\n');
    const { stdout: json } = await call(['evil', '--json']);
    expect(json).not.toMatch(/[[\p{Cf}\p{Cc}]--\n]/v);
  });
});

describe('arguments come from', () => {
  test('standard input, where - is written', async () => {
    const { stdout } = await call(['get_user', '--input', '-'], { stdin: input('{"user_id":7}') });
    expect(stdout).toBe('{"user_id":7}\n');
  });

  test('files, relative to the working directory', async () => {
    const cwd = folderWith({ 'mcp.json': configuration, 'note.txt': 'from a file', 'args.json': { user_id: 8 } });
    expect((await call(['echo', 'message=@note.txt'], { cwd })).stdout).toBe('from a file\n');
    expect((await call(['get_user', '--input', '@args.json'], { cwd })).stdout).toBe('{"user_id":8}\n');
    expect(await call(['echo', 'message=@none.txt'], { cwd })).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe("flags after the name are the tool's first, and before it always ours", () => {
  test.each<[before: string[], words: string[], stdout: string]>([
    [
      [],
      ['claims_flags', '--json', 'j', '--config', 'c', '--timeout', 't'],
      '{"json":"j","config":"c","timeout":"t"}\n',
    ],
    [
      [],
      ['claims_flags', '--input', 'i', '--help', 'h', '--header', 'A: b'],
      '{"input":"i","help":"h","header":"A: b"}\n',
    ],
    [['--timeout', '10s'], ['claims_flags', '--timeout', '5'], '{"timeout":"5"}\n'],
  ])('%j %j', async (before, words, stdout) => {
    expect(await call(words, {}, before)).toEqual({ exitCode: 0, stdout, stderr: '' });
  });

  test('our --json, and the value of the tool’s', async () => {
    const { stdout } = await call(['claims_flags', '--json', 'j'], {}, ['--json']);
    expect(JSON.parse(stdout)).toEqual({ content: [{ type: 'text', text: '{"json":"j"}' }] });
  });

  test('a failure is not told as JSON because the tool has a property of that name', async () => {
    const { exitCode, stderr } = await call(['claims_flags', '--json', 'j', '--input']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('mcp: --input needs a value');
  });

  test('ours choose the server wherever they stand', async () => {
    const cwd = folderWith({ 'other.json': configuration });
    expect((await call(['echo', '--message', 'x', '--config', 'other.json'], { cwd })).stdout).toBe('x\n');
    expect((await call(['echo', '-s', './other.json#local', '--message', 'x'], { cwd })).stdout).toBe('x\n');
  });
});

describe('help for a tool is made from its schema', () => {
  test.each([['--help'], ['-h']])('%s', async (flag) => {
    const { exitCode, stdout } = await call(['get_user', flag]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Usage: mcp tools call get_user --user_id <integer>');
    expect(stdout).toContain('--user_id <integer>  (required)');
  });

  test('also when the arguments before it are wrong', async () => {
    expect((await call(['get_user', '--user_id', 'x', '--nonsense', '--help'])).exitCode).toBe(0);
  });
});

describe('nothing is sent when', () => {
  test.each<[what: string, words: string[], messages: string[]]>([
    [
      'no tool has the name',
      ['ehco', '--message', 'x'],
      ['No tool is called "ehco" on local; nothing was run', 'Did you mean "echo"?'],
    ],
    [
      'an argument is missing',
      ['get_user'],
      ['Missing --user_id', 'Usage: mcp tools call get_user --user_id <integer>'],
    ],
    [
      'an argument has the wrong type',
      ['get_user', '--user_id', 'abc'],
      ['user_id must be an integer, not "abc"', 'Usage:'],
    ],
    ['a number would change', ['get_user', '--user_id', '12345678901234567890'], ['user_id must be an integer']],
    [
      'a flag is unknown',
      ['get_user', '--user_id', '1', '--verbos'],
      ['Unknown flag --verbos', 'Did you mean "--verbose"?', 'Usage:'],
    ],
    ['a word stands alone', ['echo', 'hello'], ['Unexpected word "hello"', 'Usage:']],
    ['JSON is broken', ['get_user', 'user_id:={'], ['user_id is not valid JSON']],
  ])('%s', async (_what, words, messages) => {
    const { exitCode, stdout, stderr } = await call(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    for (const message of messages) expect(stderr).toContain(message);
  });
});

function twoServers(...modes: string[]): string {
  return folderWith({ 'mcp.json': { mcpServers: { local: fixtureEntry(), other: fixtureEntry(...modes) } } });
}

describe('among several servers', () => {
  test('a name that two of them have is refused', async () => {
    const { exitCode, stderr } = await call(['echo', '--message', 'x'], { cwd: twoServers() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Write local/echo or other/echo');
  });

  test('a qualified name asks only its server', async () => {
    const outcome = await call(['local/echo', '--message', 'x'], { cwd: twoServers('dies') });
    expect(outcome).toEqual({ exitCode: 0, stdout: 'x\n', stderr: '' });
  });

  test('a bare name is found, and a dead server is told', async () => {
    const { exitCode, stdout, stderr } = await call(['echo', '--message', 'x'], { cwd: twoServers('dies') });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'x\n' });
    expect(stderr).toContain('mcp: other: ');
  });

  test('a name that none of them has may be on the dead one', async () => {
    expect((await call(['nothing'], { cwd: twoServers('dies') })).exitCode).toBe(3);
  });
});

test('a server starts in the folder of its file when cwd is relative', async () => {
  const servers = { mcpServers: { local: { ...fixtureEntry(), cwd: 'inner' } } };
  const folder = folderWith({ 'x.json': servers, 'inner/file': '' });
  const { stdout } = await call(['where', '--config', join(folder, 'x.json')], { cwd: folderWith({}) });
  expect(stdout).toBe(`${join(folder, 'inner')}\n`);
});
