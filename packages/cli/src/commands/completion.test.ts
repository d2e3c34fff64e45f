import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleCommand } from '../../test-fixtures/bundle.ts';
import { hasPseudoTerminal, onTerminal } from '../../test-fixtures/pseudo-terminal.ts';
import { fixtureEntry, folderWith, runCli } from '../../test-fixtures/run-cli.ts';

const mcpServers = { local: fixtureEntry(), other: fixtureEntry('another'), dead: { command: 'no-such-command' } };

/** A folder with a configuration, and a home whose cache has been filled by `tools list`. */
async function listed(...names: string[]): Promise<{ cwd: string; env: Record<string, string> }> {
  const cwd = folderWith({ 'mcp.json': { mcpServers } });
  const env = { HOME: folderWith({}) };
  await runCli(['tools', 'list', ...names], { cwd, env });
  return { cwd, env };
}

async function complete(words: readonly string[], io: { cwd: string; env: Record<string, string> }): Promise<string[]> {
  const { exitCode, stdout, stderr } = await runCli(['__complete', ...words], io);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout.split('\n').slice(0, -1);
}

describe('words are completed without starting a server', () => {
  const nowhere = { cwd: '/', env: {} };

  test.each<[words: string[], found: string[]]>([
    [['to'], ['tools']],
    [['tools', 'l'], ['list']],
    [
      ['--json', 'resources', ''],
      ['list', 'read', 'templates', 'subscribe'],
    ],
    [
      ['tools', 'list', '-o', 'j'],
      ['json', 'jsonl'],
    ],
    [
      ['logs', '--level', 'e'],
      ['error', 'emergency'],
    ],
    [['logs', '--fo'], ['--follow']],
    [['tools', 'list', '--fo'], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'powershell'],
    ],
    [['help', 'pro'], ['prompts']],
    [
      ['config', ''],
      ['path', 'validate', 'show'],
    ],
    [
      ['servers', 'import', 'c'],
      ['claude-desktop', 'claude-code', 'cursor', 'codex'],
    ],
    [['servers', 'install', 'x', '--client', 'v'], ['vscode']],
    [['servers', 'add', ''], []],
    [['proxy', '--li'], []],
    [['tools', 'list', '--', ''], []],
    [['tools', 'list', '-s', ''], ['demo']],
  ])('%j', async (words, found) => {
    expect(await complete(words, nowhere)).toEqual(found);
  });

  test('nor is anything told where the configuration is broken', async () => {
    expect(await complete(['tools', 'call', ''], { cwd: folderWith({ 'mcp.json': '{' }), env: {} })).toEqual([]);
  });

  test('servers by their names', async () => {
    const io = { cwd: folderWith({ 'mcp.json': { mcpServers } }), env: {} };
    for (const words of [
      ['ping', ''],
      ['tools', 'list', ''],
      ['tools', 'call', '-s', ''],
      ['servers', 'show', ''],
    ]) {
      expect(await complete(words, io)).toEqual(['local', 'other', 'dead', 'demo']);
    }
    expect(await complete(['tools', 'list', 'l'], io)).toEqual(['local']);
  });

  test('tools and their arguments once they were listed; with their server where several have one', async () => {
    const one = await listed('local');
    expect(await complete(['tools', 'call', 'ge'], one)).toEqual(['get_user']);
    expect(await complete(['tools', 'call', 'get_user', '--u'], one)).toEqual(['--user_id']);
    expect(await complete(['tools', 'call', '-s', 'other', 'ge'], one)).toEqual([]);
    expect(await complete(['bench', '-n', '5', 'ge'], one)).toEqual(['get_user']);
    expect(await complete(['bench', 'get_user', '--u'], one)).toEqual(['--user_id']);
    const both = await listed();
    expect(await complete(['tools', 'show', 'local/ge'], both)).toEqual(['local/get_user']);
    expect(await complete(['tools', 'call', 'local/get_user', '--ta'], both)).toEqual(['--tags', '--task']);
  });

  test('what is kept for it says nothing of how a server is reached', async () => {
    const { env } = await listed('local');
    const folder = join(env['HOME'] ?? '', '.cache', 'mcp');
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    expect(readFileSync(join(folder, files[0] ?? ''), 'utf8')).not.toContain(process.execPath);
  });
});

test('a shell that is not known is refused', async () => {
  const { exitCode, stderr } = await runCli(['completion', 'tcsh']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'mcp: Name a shell: mcp completion bash | zsh | fish | powershell\n',
  });
});

describe('in a real shell', () => {
  const patience = { timeout: 15_000 };
  const bin = { folder: '' };

  beforeAll(() => {
    const entry = bundleCommand('completion');
    bin.folder = join(entry, '..');
    writeFileSync(join(bin.folder, 'mcp'), `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`);
    chmodSync(join(bin.folder, 'mcp'), 0o755);
  }, 60_000);

  function shell(command: string, args: readonly string[], cwd: string): string {
    const PATH = `${bin.folder}:${process.env['PATH'] ?? ''}`;
    return execFileSync(command, args, { cwd, env: { ...process.env, PATH, HOME: cwd }, encoding: 'utf8' });
  }

  test('bash completes verbs and servers', () => {
    const cwd = folderWith({ 'mcp.json': { mcpServers } });
    const script = `eval "$(mcp completion bash)"
      COMP_WORDS=(mcp tools li); COMP_CWORD=2; _mcp; echo "\${COMPREPLY[*]}"
      COMP_WORDS=(mcp ping ''); COMP_CWORD=2; _mcp; echo "\${COMPREPLY[*]}"
      complete -p mcp`;
    expect(shell('bash', ['-c', script], cwd)).toBe('list\nlocal other dead demo\ncomplete -o default -F _mcp mcp\n');
  });

  test.for<[name: string, argv: string[], setUp: string]>([
    ['bash', ['--norc', '--noprofile', '-i'], 'eval "$(mcp completion bash)"'],
    ['zsh', ['-f', '-i'], 'autoload -Uz compinit; compinit -D; eval "$(mcp completion zsh)"'],
    ['fish', ['--no-config', '-i'], 'mcp completion fish | source'],
  ])('%s completes what is typed, at Tab', async ([name, argv, setUp], { skip }) => {
    if (!hasPseudoTerminal || !isInstalled(name)) skip(`${name} or script(1) is not installed`);
    const cwd = folderWith({ 'mcp.json': { mcpServers } });
    const PATH = `${bin.folder}:${process.env['PATH'] ?? ''}`;
    const terminal = onTerminal([name, ...argv], { PATH, HOME: cwd });
    terminal.type(`cd '${cwd}'; ${setUp}; echo rea""dy\n`);
    await expect.poll(terminal.screen, patience).toMatch(/ready\r?\n/);
    terminal.type('mcp serv\t sh\t loc\t --js\t\n');
    await expect.poll(terminal.screen, patience).toContain('"name": "local"');
    terminal.type('exit\n');
    await terminal.exitCode;
  });
});

function isInstalled(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      return readdirSync(folder).includes(name);
    } catch {
      return false;
    }
  });
}
