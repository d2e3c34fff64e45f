import { describe, expect, test } from 'vitest';
import { noisyCommand } from '../../test-fixtures/real-servers.ts';
import { fixtureEntry, folderWith, runCli, startCli } from '../../test-fixtures/run-cli.ts';

const [, command = '', ...args] = noisyCommand;
const patience = { timeout: 10_000 };

describe('log messages', () => {
  test('are printed for a second, safe to look at', async () => {
    const { exitCode, stdout, stderr } = await runCli(['logs', ...noisyCommand]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.replaceAll(/^\S+ /gm, '')).toBe(
      'node info [db] a info \\x1b[2J\nnode warning [db] a warning \\x1b[2J\nnode error [db] {"code":7}\n',
    );
  });

  test('are those of the level that is wanted', async () => {
    const { stdout } = await runCli(['logs', '--level', 'error', '--json', ...noisyCommand]);
    expect(JSON.parse(stdout)).toMatchObject({ server: 'node', level: 'error', logger: 'db', data: { code: 7 } });
  });

  test('come until they are interrupted with -f; a server that has none, and one that is dead, are told', async () => {
    const mcpServers = { noisy: { command, args }, mute: fixtureEntry(), dead: fixtureEntry('dies') };
    const following = startCli(['logs', '-f'], { cwd: folderWith({ 'mcp.json': { mcpServers } }) });
    await expect.poll(() => following.stdout(), patience).toContain('noisy error');
    const { exitCode, stderr } = await following.interrupt();
    expect(exitCode).toBe(130);
    expect(stderr).toContain('mcp: mute sends no log messages');
    expect(stderr).toContain('mcp: dead: ');
  });

  test('come again from a server that was started again, which is told', async () => {
    const following = startCli(['logs', '-f', ...noisyCommand, 'once']);
    await expect.poll(() => following.stdout().match(/warning/g)?.length, patience).toBeGreaterThan(3);
    const { stderr } = await following.interrupt();
    expect(stderr).toContain('mcp: node: the connection is lost, and opened again\n');
  });
});

test.each<[argv: string[], message: string]>([
  [['logs', '--level', 'loud'], '--level is one of debug, info'],
  [['logs', '-o', 'yaml'], 'only --json fits'],
  [['ping', '-f'], 'Unknown flag -f'],
])('%j is refused', async (argv, message) => {
  const { exitCode, stderr } = await runCli([...argv, ...noisyCommand]);
  expect({ exitCode, says: stderr.includes(message) }).toEqual({ exitCode: 2, says: true });
});
