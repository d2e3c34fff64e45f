import { expect, test } from 'vitest';
import { fixtureEntry, folderWith, runCli } from '../../test-fixtures/run-cli.ts';

const cwdWith = (mcpServers: Record<string, unknown>): string => folderWith({ 'mcp.json': { mcpServers } });

test('finds the tool that fits best, first; a dead server is told and hides none', async () => {
  const cwd = cwdWith({ local: fixtureEntry(), dead: { command: 'no-such-command' } });
  const { exitCode, stdout, stderr } = await runCli(['tools', 'search', 'get', 'user'], { cwd });
  expect(exitCode).toBe(0);
  expect(stdout.split('\n')[0]).toMatch(/^local\/get_user/);
  expect(stderr).toContain('dead');
});

test('prints the definitions as JSON, each with its server', async () => {
  const { stdout } = await runCli(['tools', 'search', 'echo', '--json'], { cwd: cwdWith({ local: fixtureEntry() }) });
  const { tools } = JSON.parse(stdout) as { tools: { name: string; server: string }[] };
  expect(tools[0]).toMatchObject({ name: 'echo', server: 'local' });
});

test.each<[argv: string[], exitCode: number, says: string]>([
  [['tools', 'search'], 2, 'mcp tools search TEXT'],
  [['tools', 'search', 'zeppelin'], 1, 'No tool fits "zeppelin"'],
])('%j', async (argv, exitCode, says) => {
  const outcome = await runCli(argv, { cwd: cwdWith({ local: fixtureEntry() }) });
  expect(outcome).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(says) as string });
});
