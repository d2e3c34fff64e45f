import { spawn } from 'node:child_process';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bundleCommand } from '../../test-fixtures/bundle.ts';
import { hasPseudoTerminal, onTerminal } from '../../test-fixtures/pseudo-terminal.ts';
import { noisyCommand, realCommand } from '../../test-fixtures/real-servers.ts';
import { fixtureEntry, runCli } from '../../test-fixtures/run-cli.ts';

let entry = '';

beforeAll(() => {
  entry = bundleCommand('terminal');
}, 60_000);

const mcp = (...argv: string[]): string[] => [process.execPath, entry, ...argv];
const patience = { timeout: 10_000 };

describe.skipIf(!hasPseudoTerminal)('on a terminal', () => {
  test('what takes long is shown as it goes, with the server’s progress, and leaves nothing behind', async () => {
    const slow = ['tools', 'call', 'slow', '--label', 'it', '--stepMs', '300', '--steps', '5'];
    const terminal = onTerminal(mcp(...slow, ...realCommand('v1')));
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toMatch(/node: slow █+░+ \d+ %/);
    expect(terminal.screen().split('\r\u001b[K').at(-1)).toBe('it done\r\n');
  });

  test('nothing moves where TERM is dumb', async () => {
    const slow = ['tools', 'call', 'slow', '--label', 'it', '--stepMs', '400', '--steps', '2'];
    const terminal = onTerminal(mcp(...slow, ...realCommand('v1')), { TERM: 'dumb' });
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).not.toContain('\u001b');
  });

  test.each(['v1', 'v2'] as const)('a %s server’s form is filled in, its defaults taken', async (generation) => {
    const terminal = onTerminal(mcp('tools', 'call', 'confirm', ...realCommand(generation)));
    await expect.poll(terminal.screen, patience).toContain('node asks: Go on?');
    terminal.type('y\n');
    await expect.poll(terminal.screen, patience).toContain('name (string) ["Ada"]: ');
    terminal.type('\n');
    await expect.poll(terminal.screen, patience).toContain('proceed (boolean)');
    terminal.type('perhaps\n');
    await expect.poll(terminal.screen, patience).toContain('It must be true or false');
    terminal.type('yes\n');
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.screen()).toContain('"name":"Ada","proceed":true');
  });

  test.each(['v1', 'v2'] as const)('a page of a %s server is shown whole, and can be declined', async (generation) => {
    const terminal = onTerminal(mcp('tools', 'call', 'visit', ...realCommand(generation)));
    await expect.poll(terminal.screen, patience).toContain('http://127.0.0.1/sign-in');
    terminal.type('n\n');
    expect(await terminal.exitCode).toBe(5);
    expect(terminal.screen()).toContain('decline');
  });

  test('Ctrl-C ends a question, and everything with it', async () => {
    const terminal = onTerminal(mcp('tools', 'call', 'confirm', ...realCommand('v1')));
    await expect.poll(terminal.screen, patience).toContain('Answer?');
    terminal.type('\u0003');
    expect(await terminal.exitCode).toBe(130);
  });

  test('Ctrl-C ends a call with 130, and a stubborn server with it', async () => {
    const { command, args } = fixtureEntry('stubborn');
    const terminal = onTerminal(mcp('tools', 'call', 'hang', '-v', '--', command, ...args));
    await expect.poll(terminal.screen, patience).toMatch(/pid \d+\r\n[^]*node: hang/);
    const pid = Number(/pid (\d+)\r/.exec(terminal.screen())?.[1]);
    terminal.type('\u0003');
    expect(await terminal.exitCode).toBe(130);
    expect(terminal.screen()).toContain('mcp: Interrupted');
    await expect.poll(() => isAlive(pid), patience).toBe(false);
  });
});

test('what has no end ends when its reader leaves', async () => {
  const child = spawn(process.execPath, [entry, 'resources', 'subscribe', 'a:b', ...noisyCommand]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  child.stdout.once('data', () => child.stdout.destroy());
  const exitCode = await new Promise((resolve) => child.once('exit', resolve));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

describe('where nobody can be asked', () => {
  test.each(['confirm', 'visit'])('a question is declined, told, and ends with 5 (%s)', async (tool) => {
    const { exitCode, stdout, stderr } = await runCli(['tools', 'call', tool, ...realCommand('v1')]);
    expect(exitCode).toBe(5);
    expect(stdout).toContain('decline');
    expect(stderr).toMatch(/^mcp: node asks ".+": declined, since nobody can be asked here\n$/);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
