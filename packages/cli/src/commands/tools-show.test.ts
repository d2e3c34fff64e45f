import { expect, test } from 'vitest';
import { fixtureEntry, runCli } from '../../test-fixtures/run-cli.ts';

const command = ['--', process.execPath, ...fixtureEntry().args];

test('a tool is shown in full', async () => {
  const { exitCode, stdout } = await runCli(['tools', 'show', 'get_user', ...command]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Usage: mcp tools call get_user --user_id <integer> [--verbose] [--tags <string> …]');
});

test('with --json it is the protocol’s tool', async () => {
  const { stdout } = await runCli(['tools', 'show', 'echo', '--json', ...command]);
  expect(JSON.parse(stdout)).toMatchObject({ name: 'echo', inputSchema: { type: 'object' } });
});

test('a wrong name is answered with the close one', async () => {
  const { exitCode, stderr } = await runCli(['tools', 'show', 'get-usr', ...command]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Did you mean "get_user"?');
});
