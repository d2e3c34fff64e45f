import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleCommand } from '../../test-fixtures/bundle.ts';
import { hasPseudoTerminal, onTerminal } from '../../test-fixtures/pseudo-terminal.ts';
import { folderWith, runUntrusted } from '../../test-fixtures/run-cli.ts';

const own = {
  mcpServers: {
    mine: { command: 'node', args: ['server.js', '--api-key', 's3cret-arg'], env: { A: '${TOKEN}' } },
    inner: { url: 'https://x/mcp', tls: { ca: '-----BEGIN s3cret' } },
  },
};

interface Machine {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly path: (file: string) => string;
  readonly text: (file: string) => string;
}

function machine(files: Readonly<Record<string, string>> = {}): Machine {
  const home = folderWith({});
  const path = (file: string): string => join(home, file);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  }
  const cwd = folderWith({ 'mcp.json': own });
  return { cwd, env: { HOME: home, TOKEN: 's3cret-token' }, path, text: (file) => readFileSync(path(file), 'utf8') };
}

const install = (...argv: string[]): string[] => ['servers', 'install', ...argv];
const claude = '.config/Claude/claude_desktop_config.json';
const written =
  '{\n  // mine\n  "mcpServers": {\n    "a": { "command": "a", "env": { "K": "s3cret-other" } }\n  },\n  "x": 1\n}\n';

describe('mcp servers install', () => {
  test('shows the change without secrets, keeps a copy of the file, and changes nothing else in it', async () => {
    const io = machine({ [claude]: written });
    chmodSync(io.path(claude), 0o640);
    const { exitCode, stdout, stderr } = await runUntrusted(
      install('mine', '--client', 'claude-desktop', '-v', 'DEBUG=true', '--yes'),
      io,
    );
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `Wrote mine into ~/${claude}\nWhat was there before is in ~/${claude}.bak\nRestart Claude Desktop to use it\n`,
    });
    expect(stderr).toContain(`--- ~/${claude}\n+++ ~/${claude}\n@@ -1,7 +1,19 @@\n`);
    expect(stderr).toContain('+    "mine": {\n+      "command": "node",\n');
    expect(stderr).toContain('mcp: the values of TOKEN are written into the file\n');
    expect(stderr).not.toContain('s3cret');
    const entry = { ...own.mcpServers.mine, env: { A: 's3cret-token', DEBUG: 'true' } };
    expect(io.text(claude)).toBe(
      written.replace(
        '"s3cret-other" } }',
        `"s3cret-other" } },\n    "mine": ${JSON.stringify(entry, undefined, 2).replaceAll('\n', '\n    ')}`,
      ),
    );
    expect(io.text(`${claude}.bak`)).toBe(written);
    expect(statSync(io.path(claude)).mode & 0o777).toBe(0o640);
  });

  test('keeps every copy that was made before', async () => {
    const io = machine({ [claude]: written });
    await runUntrusted(install('mine', '--client', 'claude-desktop', '--yes'), io);
    await runUntrusted(install('other', '--client', 'claude-desktop', '--yes', '--', 'a'), io);
    expect(readdirSync(dirname(io.path(claude))).toSorted()).toEqual([
      'claude_desktop_config.json',
      'claude_desktop_config.json.bak',
      'claude_desktop_config.json.bak2',
    ]);
    expect(io.text(`${claude}.bak`)).toBe(written);
  });

  test('makes a file that is not there, for this user alone', async () => {
    const io = machine();
    const argv = install('web', 'https://x.example/mcp', '--client', 'cursor', '--header', 'X-Key: ${TOKEN}', '--yes');
    expect(await runUntrusted(argv, io)).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining('before') });
    expect(JSON.parse(io.text('.cursor/mcp.json'))).toEqual({
      mcpServers: { web: { url: 'https://x.example/mcp', headers: { 'X-Key': '${env:TOKEN}' } } },
    });
    expect(statSync(io.path('.cursor/mcp.json')).mode & 0o777).toBe(0o600);
  });

  test('writes TOML for Codex, and leaves its comments', async () => {
    const text = '# mine\nmodel = "x" # good\n\n[tui]\ny = 1\n';
    const io = machine({ '.codex/config.toml': text });
    await runUntrusted(install('mine', '--client', 'codex', '--yes'), io);
    expect(io.text('.codex/config.toml').startsWith(text)).toBe(true);
    const { env: _env, ...mine } = own.mcpServers.mine;
    expect(parseToml(io.text('.codex/config.toml'))).toMatchObject({
      mcp_servers: { mine: { ...mine, env: { A: 's3cret-token' } } },
    });
  });

  test.each([
    ['{"mcp":{"a":{"type":"local","command":["a"]}}}', { mcp: { a: { type: 'local', command: ['a'] } } }, ['mcp']],
    ['{"mcp":{"timeout":5}}', { mcp: { timeout: 5 } }, ['mcp', 'servers']],
  ])('keeps to the version of OpenCode that a file is for: %s', async (text, _before, at) => {
    const io = machine({ '.config/opencode/opencode.json': text });
    await runUntrusted(install('mine', '--client', 'opencode', '--yes'), io);
    const after = JSON.parse(io.text('.config/opencode/opencode.json')) as object;
    expect(after).toHaveProperty([...at, 'mine', 'command'], ['node', ...own.mcpServers.mine.args]);
  });

  test('--dry-run only shows', async () => {
    const io = machine({ [claude]: written });
    const { exitCode, stdout, stderr } = await runUntrusted(
      install('mine', '--client', 'claude-desktop', '--dry-run'),
      io,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^--- .+\n\+\+\+ .+\n@@/);
    expect(stdout).not.toContain('s3cret');
    expect(io.text(claude)).toBe(written);
  });

  test('does nothing twice', async () => {
    const io = machine();
    await runUntrusted(install('mine', '--client', 'cursor', '--yes'), io);
    const again = await runUntrusted(install('mine', '--client', 'cursor'), io);
    expect(again).toEqual({ exitCode: 0, stdout: 'Cursor has it so already\n', stderr: '' });
    expect(existsSync(io.path('.cursor/mcp.json.bak'))).toBe(false);
  });

  test('changes nothing where nobody can allow it', async () => {
    const io = machine({ [claude]: written });
    const { exitCode, stderr } = await runUntrusted(install('mine', '--client', 'claude-desktop'), io);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/was not changed: nobody can be asked here\n {2}Allow it with --yes\n$/),
    });
    expect(io.text(claude)).toBe(written);
  });

  test.each<[argv: string[], says: RegExp]>([
    [['mine'], /Name a server and a program/],
    [['mine', '--client', 'emacs'], /The program is one of/],
    [['none', '--client', 'cursor'], /No server is called "none"/],
    [['mine', '--client', 'cursor', '-v', 's3cret'], /written KEY=VALUE/],
    [['x', 'http://x/', '--client', 'cursor', '-v', 'A=b'], /Variables are for commands/],
    [['x', 'http://x/?k=s3cret', '--client', 'claude-desktop'], /-- mcp proxy http:\/\/x\//],
    [['x', 'http://x/', '--client', 'codex', '--transport', 'sse'], /Codex cannot connect/],
    [['inner', '--client', 'codex'], /Codex cannot connect[^]*-- mcp proxy --config FILE -s inner/],
    [['x', '--client', 'cursor', '--', '${NOT_SET}'], /NOT_SET is not set/],
  ])('refuses %j', async (argv, says) => {
    const io = machine();
    const { exitCode, stderr } = await runUntrusted(['servers', 'install', '--yes', ...argv], io);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(says) });
    expect(stderr).not.toContain('s3cret');
    expect(existsSync(io.path('.cursor'))).toBe(false);
  });

  test('touches no file that it does not understand', async () => {
    for (const text of ['{ "mcpServers": ', '{"mcpServers": []}', '{"mcpServers": {}, "mcpServers": {"b": 1}}']) {
      const io = machine({ [claude]: text });
      const { exitCode } = await runUntrusted(install('mine', '--client', 'claude-desktop', '--yes'), io);
      expect(exitCode).toBe(2);
      expect(io.text(claude)).toBe(text);
      expect(existsSync(io.path(`${claude}.bak`))).toBe(false);
    }
  });
});

describe.skipIf(!hasPseudoTerminal)('on a terminal', () => {
  const entry = { path: '' };
  beforeAll(() => {
    entry.path = bundleCommand('install');
  }, 60_000);

  test.each([
    ['n\n', 5, false],
    ['y\n', 0, true],
  ])('%j to the question ends with %i', async (keys, exitCode, isWritten) => {
    const io = machine();
    const argv = [process.execPath, entry.path, ...install('mine', '--client', 'cursor')];
    const terminal = onTerminal(['env', '-C', io.cwd, ...argv], io.env);
    await expect.poll(terminal.screen).toContain('Change ~/.cursor/mcp.json? [y]es, [N]o: ');
    expect(terminal.screen()).toContain('+    "mine": {');
    terminal.type(keys);
    expect(await terminal.exitCode).toBe(exitCode);
    expect(existsSync(io.path('.cursor/mcp.json'))).toBe(isWritten);
  });
});
