import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { folderWith, runCli } from '../../test-fixtures/run-cli.ts';

const script = fileURLToPath(new URL('../../../../test/servers/changing-server.mjs', import.meta.url));
const command = (...args: string[]): string[] => ['--', process.execPath, script, ...args];
const before = { tools: [{ name: 'add', description: 'Adds', inputSchema: { type: 'object' } }] };
const after = { tools: [{ ...before.tools[0], description: 'Adds\u202e' }] };

describe('mcp schema save', () => {
  test('writes what diff takes, and never over a file unasked', async () => {
    const cwd = folderWith({});
    const saved = await runCli(['schema', 'save', 'tools.json', ...command()], { cwd });
    expect(saved).toEqual({ exitCode: 0, stdout: '', stderr: 'mcp: 2 tools of node saved as tools.json\n' });
    expect((await runCli(['schema', 'save', 'tools.json', ...command()], { cwd })).exitCode).toBe(0);
    const file = join(cwd, 'tools.json');
    writeFileSync(file, 'mine');
    expect(await runCli(['schema', 'save', 'tools.json', ...command()], { cwd })).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await runCli(['schema', 'save', 'tools.json', '--force', ...command()], { cwd })).exitCode).toBe(0);
    expect((await runCli(['schema', 'diff', 'tools.json', ...command('--last-first')], { cwd })).exitCode).toBe(0);
  });

  test('says which file it cannot write', async () => {
    const { exitCode, stderr } = await runCli(['schema', 'save', 'none/tools.json', ...command()]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('Cannot write none/tools.json: ENOENT');
  });
});

describe('mcp schema diff', () => {
  test.each<[what: string, argv: string[]]>([
    ['a file and a server', ['before.json', ...command('--turned')]],
    ['a server and a file', ['-s', 'mcp.json#turned', 'before.json']],
    ['two servers', ['-s', 'mcp.json#honest', '-s', 'mcp.json#turned']],
  ])('compares %s, and ends with 1 when they differ', async (_what, argv) => {
    const entry = (...args: string[]): object => ({ command: process.execPath, args: [script, ...args] });
    const cwd = folderWith({ 'mcp.json': { mcpServers: { honest: entry(), turned: entry('--turned') } } });
    await runCli(['schema', 'save', 'before.json', ...command()], { cwd });
    const { exitCode, stdout } = await runCli(['schema', 'diff', ...argv], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^\S+ → \S+\n {2}changed {2}add\n {4}description\n {6}- "Adds two numbers"\n/);
  });

  test('compares two files, and writes out what is hidden', async () => {
    const cwd = folderWith({ 'a.json': before, 'b.json': after });
    const { exitCode, stdout } = await runCli(['schema', 'diff', 'a.json', 'b.json'], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toBe('a.json → b.json\n  changed  add\n    description\n      - "Adds"\n      + "Adds\\u202e"\n');
    expect((await runCli(['schema', 'diff', 'a.json', 'a.json'], { cwd })).stdout).toBe(
      'a.json → a.json: the same tools\n',
    );
  });

  test.each([[['a.json']], [['a.json', 'b.json', 'c.json']], [[...command()]]])('wants two sides: %j', async (argv) => {
    const cwd = folderWith({ 'a.json': before, 'b.json': after, 'c.json': before });
    expect(await runCli(['schema', 'diff', ...argv], { cwd })).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
