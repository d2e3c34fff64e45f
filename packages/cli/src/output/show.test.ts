import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fixtureEntry, folderWith, runCli } from '../../test-fixtures/run-cli.ts';

const server = ['--', process.execPath, ...fixtureEntry().args];
const structured = ['tools', 'call', 'structured'];

describe('a result is printed in the form that is asked for', () => {
  test.each<[argv: string[], stdout: string]>([
    [[...structured], '{\n  "answer": 42\n}\n'],
    [[...structured, '--json'], '{"content":[],"structuredContent":{"answer":42}}\n'],
    [[...structured, '-o', 'json'], '{"content":[],"structuredContent":{"answer":42}}\n'],
    [[...structured, '-o', 'jsonl'], '{"content":[],"structuredContent":{"answer":42}}\n'],
    [[...structured, '--output=yaml'], 'content: []\nstructuredContent:\n  answer: 42\n'],
    [[...structured, '-r'], '{"answer":42}'],
    [['--pick', 'answer', ...structured], '42\n'],
    [[...structured, '--pick', '.', '--json'], '{"answer":42}\n'],
    [
      ['tools', 'call', 'echo', '--message', '{"rows":[{"id":"a"},{"id":"b"}]}', '--pick', 'rows[*].id', '-o', 'jsonl'],
      '"a"\n"b"\n',
    ],
    [['tools', 'call', 'echo', '--message', 'x', '-r'], 'x'],
    [['tools', 'call', 'evil', '-r'], '\u001b]52;c;aGk=\u0007\u009b2J\u202e\u{e0041}\u200bplain'],
    [['tools', 'show', 'fail', '--pick', 'name'], 'fail\n'],
    [['tools', 'list', '--pick', 'tools[0].name', '-o', 'yaml'], 'echo\n'],
  ])('%j', async (argv, stdout) => {
    expect(await runCli([...argv, ...server])).toEqual({ exitCode: 0, stdout, stderr: '' });
  });

  test('lists are a line of JSON each, names alone, YAML, or a table in Markdown', async () => {
    const list = async (...flags: string[]): Promise<string> =>
      (await runCli(['tools', 'list', ...flags, ...server])).stdout;
    const [first = ''] = (await list('-o', 'jsonl')).split('\n');
    expect(JSON.parse(first)).toMatchObject({ server: 'node', name: 'echo' });
    expect((await list('-r')).split('\n').slice(0, 2)).toEqual(['echo', 'get_user']);
    expect(parse(await list('-o', 'yaml'))).toEqual(JSON.parse(await list('--json')));
    expect(await list('-o', 'md')).toContain(
      '| Tool | Description |\n| --- | --- |\n| echo | Says a message back. |\n',
    );
  });
});

describe('what a terminal gets', () => {
  function terminal(columns: number): { stdout: import('../io.ts').Output; text(): string } {
    let written = '';
    const write = (content: string | Uint8Array, done: () => void): void => {
      written += String(content);
      done();
    };
    return { stdout: { write, isTTY: true, columns }, text: () => written };
  }

  test('fits it', async () => {
    const { stdout, text } = terminal(30);
    await runCli(['tools', 'list', ...server], { stdout });
    for (const line of text().split('\n')) expect(line.length).toBeLessThan(31);
  });

  test('is nothing that it would act on, also with -r', async () => {
    const { stdout, text } = terminal(80);
    await runCli(['tools', 'call', 'evil', '-r', ...server], { stdout });
    expect(text()).toBe('\\x1b]52;c;aGk=\\x07\\x9b2J\\u{202e}\\u{e0041}\\u{200b}plain\n');
  });

  test('is never bytes', async () => {
    const { stdout, text } = terminal(80);
    const { exitCode, stderr } = await runCli(['tools', 'call', 'picture', '-r', ...server], { stdout });
    expect({ exitCode, stdout: text() }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('--save FILE');
  });
});

describe('--save', () => {
  test('writes a file, or into a folder under a name that no server chose', async () => {
    const cwd = folderWith({});
    mkdirSync(join(cwd, 'out'));
    const save = (place: string): Promise<{ exitCode: number; stdout: string; stderr: string }> =>
      runCli(['tools', 'call', 'picture', '--save', place, ...server], { cwd });
    expect(await save('x.png')).toEqual({
      exitCode: 0,
      stdout: '[image image/png, 12 kB]\n',
      stderr: 'mcp: image image/png saved as x.png\n',
    });
    expect(readFileSync(join(cwd, 'x.png'))).toHaveLength(12_000);
    await save('out');
    expect(existsSync(join(cwd, 'out', 'image-1.png'))).toBe(true);
  });

  test('finds nothing in a text, and is refused before the call where it could not be done', async () => {
    const nothing = await runCli(['tools', 'call', 'structured', '--save', 'x', ...server]);
    expect(nothing).toMatchObject({ exitCode: 1, stderr: 'mcp: The result holds nothing to save\n' });
    const impossible = await runCli(['tools', 'call', 'picture', '--save', 'none/x', ...server]);
    expect(impossible).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('is refused before anything is run', () => {
  test.each<[argv: string[], message: string]>([
    [['tools', 'list', '-o', 'xml'], '-o is one of human, json, jsonl, yaml, md, raw'],
    [['tools', 'list', '-o'], '-o needs a value'],
    [['tools', 'list', '--pick', 'a['], '--pick cannot read "a["'],
    [['tools', 'list', '--save', 'x'], '--save is for mcp tools call'],
    [['openai', 'tools', '-o', 'yaml'], '-o is for commands that print what servers say'],
  ])('%j', async (argv, message) => {
    const { exitCode, stdout, stderr } = await runCli([...argv, '--', 'no-such-command-here']);
    expect({ exitCode, stdout, says: stderr.includes(message) }).toEqual({ exitCode: 2, stdout: '', says: true });
  });
});

test('a part that is not there ends with 1', async () => {
  const { exitCode, stdout, stderr } = await runCli([...structured, '--pick', 'question', ...server]);
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'mcp: --pick question finds nothing in the result\n  It has: answer\n',
  });
});
