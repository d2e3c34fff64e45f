import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { hasPseudoTerminal, onTerminal, type OnTerminal } from '../../test-fixtures/pseudo-terminal.ts';
import { realCommand } from '../../test-fixtures/real-servers.ts';
import { warmUser, type WarmUser } from '../../test-fixtures/warm.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Runs the command on a terminal of its own, in the folder that the user is in. */
function mcp(user: WarmUser, ...argv: readonly string[]): OnTerminal {
  return onTerminal(['env', '-C', user.cwd, process.execPath, main, ...argv], user.env);
}

describe.skipIf(!hasPseudoTerminal).each(['v1', 'v2'] as const)('a question of a warm %s server', (generation) => {
  const server = realCommand(generation);

  test('is answered at the terminal of the call that it belongs to; others do not wait for that', async () => {
    const user = warmUser();
    await user.run(['up', ...server]);
    const asked = mcp(user, 'tools', 'call', 'confirm', ...server);
    await expect.poll(asked.screen).toContain('Answer?');
    const other = mcp(user, 'tools', 'call', 'echo', '--text', 'meanwhile', ...server);
    expect(await other.exitCode).toBe(0);
    expect(other.screen()).toMatch(/meanwhile\r\n$/);
    asked.type('y\n');
    await expect.poll(asked.screen).toContain('name (string)');
    asked.type('\n');
    await expect.poll(asked.screen).toContain('proceed (boolean)');
    asked.type('yes\n');
    expect(await asked.exitCode).toBe(0);
    expect(asked.screen()).toContain('"name":"Ada","proceed":true');
  });

  test('may take longer than the call: its time stands still meanwhile, warm or not', async () => {
    const user = warmUser();
    const confirm = ['tools', 'call', 'confirm', '--timeout', '6s', ...server];
    const cold = mcp(user, ...confirm);
    await expect.poll(cold.screen).toContain('Answer?');
    await user.run(['up', ...server]);
    const warm = mcp(user, ...confirm);
    await expect.poll(warm.screen).toContain('Answer?');
    await sleep(6_500);
    for (const terminal of [cold, warm]) {
      terminal.type('n\n');
      expect(await terminal.exitCode).toBe(5);
      expect(terminal.screen()).toContain('decline');
    }
  });

  test('of two calls at once is asked at each terminal by itself', async () => {
    const user = warmUser();
    await user.run(['up', ...server]);
    const confirm = mcp(user, 'tools', 'call', 'confirm', ...server);
    await expect.poll(confirm.screen).toContain('Go on?');
    const visit = mcp(user, 'tools', 'call', 'visit', ...server);
    await expect.poll(visit.screen).toContain('http://127.0.0.1/sign-in');
    visit.type('n\n');
    expect(await visit.exitCode).toBe(5);
    expect(confirm.screen()).not.toContain('sign-in');
    confirm.type('n\n');
    expect(await confirm.exitCode).toBe(5);
    expect(visit.screen()).not.toContain('Go on?');
  });

  test('ends with Ctrl-C, and the next call is not asked it', async () => {
    const user = warmUser();
    await user.run(['up', ...server]);
    const asked = mcp(user, 'tools', 'call', 'confirm', ...server);
    await expect.poll(asked.screen).toContain('Answer?');
    asked.type('\u0003');
    expect(await asked.exitCode).toBe(130);
    const next = mcp(user, 'tools', 'call', 'echo', '--text', 'next', ...server);
    expect(await next.exitCode).toBe(0);
    expect(next.screen()).toMatch(/next\r\n$/);
    expect(next.screen()).not.toContain('Go on?');
  });
});

test.skipIf(!hasPseudoTerminal)('the progress of a warm server is shown as it goes', async () => {
  const user = warmUser();
  const server = realCommand('v1');
  await user.run(['up', ...server]);
  const slow = mcp(user, 'tools', 'call', 'slow', '--label', 'it', '--stepMs', '300', '--steps', '5', ...server);
  expect(await slow.exitCode).toBe(0);
  expect(slow.screen()).toMatch(/node: slow █+░+ \d+ %/);
});
