import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, runUntrusted } from '../../test-fixtures/run-cli.ts';

const cursor = {
  mcpServers: {
    github: { command: 'npx', args: ['${workspaceFolder}/x'], env: { T: '${env:TOKEN}' }, cwd: 'sub' },
    docs: { url: 'https://x.example/mcp' },
    asks: { command: 'a', env: { K: '${input:key}' } },
  },
};

function machine(own: object = {}): { cwd: string; env: Record<string, string>; file: () => unknown } {
  const cwd = folderWith({ 'mcp.json': { mcpServers: own } });
  const env = { HOME: folderWith({ '.cursor/mcp.json': cursor, '.codex/config.toml': '[mcp_servers' }), TOKEN: 't' };
  return { cwd, env, file: () => JSON.parse(readFileSync(join(cwd, 'mcp.json'), 'utf8')) as unknown };
}

test('copies servers with whole paths, and the variables of the environment left in', async () => {
  const io = machine();
  const { exitCode, stdout, stderr } = await runUntrusted(['servers', 'import', 'cursor'], io);
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: 'Imported github into mcp.json\nImported docs into mcp.json\nImported asks into mcp.json\n',
  });
  expect(stderr).toMatch(/^mcp: asks cannot be used yet: .+\$\{input:key\}.+\n$/);
  expect(io.file()).toEqual({
    mcpServers: {
      github: {
        command: 'npx',
        args: [join(io.cwd, 'x')],
        env: { T: '${env:TOKEN}' },
        cwd: join(io.env['HOME'] ?? '', '.cursor', 'sub'),
      },
      docs: cursor.mcpServers.docs,
      asks: cursor.mcpServers.asks,
    },
  });
  const shown = await runUntrusted(['servers', 'show', 'github', '--json'], io);
  expect(JSON.parse(shown.stdout)).toMatchObject({ trusted: true, from: { file: 'mcp.json' } });
});

test('copies only those that are named, and replaces none unless it is forced', async () => {
  const io = machine({ docs: { command: 'mine' } });
  const kept = await runUntrusted(['servers', 'import', 'cursor', 'docs', '--json'], io);
  expect(kept.stderr).toBe('mcp: docs is in mcp.json already: --force replaces it\n');
  expect(JSON.parse(kept.stdout)).toMatchObject({ imported: [], skipped: ['docs'] });
  expect(io.file()).toEqual({ mcpServers: { docs: { command: 'mine' } } });
  await runUntrusted(['servers', 'import', 'cursor', 'docs', '--force'], io);
  expect(io.file()).toEqual({ mcpServers: { docs: cursor.mcpServers.docs } });
});

test.each<[argv: string[], says: RegExp]>([
  [[], /Name a program: claude-desktop, /],
  [['emacs'], /The program is one of claude-desktop, /],
  [['cursor', 'gitub'], /cursor has no server "gitub"\n {2}Did you mean "github"\?/],
  [['zed'], /zed has no servers on this machine/],
  [['codex'], /~\/\.codex\/config\.toml:1:\d+: Invalid TOML/],
])('refuses %j', async (argv, says) => {
  const { exitCode, stderr } = await runUntrusted(['servers', 'import', ...argv], machine());
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(says) });
});
