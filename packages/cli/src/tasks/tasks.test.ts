import { describe, expect, test } from 'vitest';
import { referenceServer, startEverythingServer } from '../../../../test/servers/launch.ts';
import { startTaskServer } from '../../../../test/servers/task-server.ts';
import { realCommand } from '../../test-fixtures/real-servers.ts';
import { input, runCli, startCli, type Outcome } from '../../test-fixtures/run-cli.ts';
import type { Io } from '../io.ts';

const { command, args = [] } = referenceServer('everything', ['stdio']);
const research = ['tools', 'call', 'simulate-research-query', '--topic', 'bees'];

describe('a tool of the everything server that can only be called as a task', () => {
  test('is called so, and its result waited for', async () => {
    const { exitCode, stdout, stderr } = await runCli([...research, '--', command, ...args]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('# Research Report: bees');
  });

  test('asks the person at the terminal what it needs to know', async () => {
    await using server = await startEverythingServer();
    let shown = '';
    const stderr: Io['stderr'] = { isTTY: true, write: (text, done) => ((shown += String(text)), done()) };
    async function* keyboard(): AsyncGenerator<string> {
      yield 'y\n';
      await expect.poll(() => shown).toContain('Clarification');
      yield `${/\((?:[^)]*, )?(\w+) = /.exec(shown)?.[1] ?? ''}\n`;
    }
    const stdin = Object.assign(keyboard(), { isTTY: true });
    const words = ['tools', 'call', 'simulate-research-query', '-s', server.url, '--topic', 'python', '--ambiguous'];
    const { exitCode, stdout } = await runCli(words, { stdin, stderr, env: { TERM: 'dumb' } });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/# Research Report: python \(.+\)/);
  });
});

test('a server that is started keeps its tasks for as long as a shell keeps it', async () => {
  const lines = ['call simulate-research-query --detach --topic bees', 'tasks list --json'];
  const { exitCode, stdout } = await runCli(['shell', '--', command, ...args], { stdin: input(lines.join('\n')) });
  const [id = '', list = ''] = stdout.split('\n');
  expect(exitCode).toBe(0);
  expect(JSON.parse(list)).toMatchObject({ tasks: [{ taskId: id, status: 'working' }] });
});

describe('a task that outlives the command that started it', () => {
  const start = async (url: string, tool = 'report'): Promise<string> => {
    const { stdout } = await runCli(['tools', 'call', tool, '--detach', '-s', url, '--topic', 'bees']);
    return stdout.trim();
  };

  test('is listed, looked at, waited for, and gives its result as often as it is wanted', async () => {
    await using server = await startTaskServer();
    const on = (...words: string[]): Promise<Outcome> => runCli(['tasks', ...words, '-s', server.url]);
    const id = await start(server.url);
    expect(id).toMatch(/^[0-9a-f-]{16,}$/);
    expect((await on('list')).stdout).toMatch(new RegExp(`^${id} +working: reading about bees +20`));
    expect(await on('get', id)).toMatchObject({ exitCode: 0, stdout: `${id}  working: reading about bees\n` });
    const early = await on('result', id);
    expect(early).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(`mcp tasks wait ${id}`) });
    const waiting = on('wait', id);
    setTimeout(server.finish, 200);
    expect(await waiting).toEqual({ exitCode: 0, stdout: 'all about bees\n', stderr: '' });
    expect(await on('result', id)).toMatchObject({ exitCode: 0, stdout: 'all about bees\n' });
    expect(JSON.parse((await on('get', id, '--json')).stdout)).toMatchObject({ taskId: id, status: 'completed' });
  });

  test('ends with 1 when it failed', async () => {
    await using server = await startTaskServer();
    const id = await start(server.url, 'fails');
    server.finish();
    expect(await runCli(['tasks', 'wait', id, '-s', server.url])).toEqual({
      exitCode: 1,
      stdout: 'all about bees\n',
      stderr: 'mcp: the tool reports an error\n',
    });
  });

  test('ends with 5 when it was cancelled', async () => {
    await using server = await startTaskServer();
    const id = await start(server.url);
    expect(await runCli(['tasks', 'cancel', id, '-s', server.url])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('cancelled'),
    });
    expect(await runCli(['tasks', 'wait', id, '-s', server.url])).toMatchObject({ exitCode: 5, stdout: '' });
    expect(await server.statuses()).toEqual(['cancelled']);
  });

  test('is waited for no longer than --timeout, and goes on', async () => {
    await using server = await startTaskServer();
    const id = await start(server.url);
    const { exitCode, stderr } = await runCli(['tasks', 'wait', id, '-s', server.url, '--timeout', '300ms']);
    expect(exitCode).toBe(124);
    expect(stderr).toContain('it goes on');
    expect(await server.statuses()).toEqual(['working']);
  });
});

test('Ctrl-C cancels the task that a call waits for', async () => {
  await using server = await startTaskServer();
  const running = startCli(['tools', 'call', '--task', 'report', '-s', server.url, '--topic', 'bees']);
  await expect.poll(server.statuses).toEqual(['working']);
  expect(await running.interrupt()).toMatchObject({ exitCode: 130 });
  await expect.poll(server.statuses).toEqual(['cancelled']);
});

test.each<[what: string, argv: string[], says: string]>([
  ['a server without tasks', ['tasks', 'list', ...realCommand('v1')], 'no tasks'],
  ['a server of 2026-07-28', ['tasks', 'get', 'x', ...realCommand('v2')], 'extension that mcp does not use'],
  [
    'a call as a task, of a server without them',
    ['tools', 'call', '--task', 'echo', '--text', 'hi', ...realCommand('v1')],
    'no tasks',
  ],
])('%s is unsupported, and that is said', async (_what, argv, says) => {
  const { exitCode, stdout, stderr } = await runCli([...argv.slice(0, 1), '--json', ...argv.slice(1)]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  expect(JSON.parse(stderr)).toMatchObject({
    error: { code: 'unsupported-capability', message: expect.stringContaining(says) },
  });
});

test('a tool that cannot be a task is not called as one', async () => {
  await using server = await startTaskServer();
  const call = await runCli(['tools', 'call', '--task', 'plain', '-s', server.url]);
  expect(call).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('plain cannot be called as a task') });
});

test('an unknown task is an error of the server, told as it is', async () => {
  await using server = await startTaskServer();
  const get = await runCli(['tasks', 'get', 'nothing', '-s', server.url]);
  expect(get).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('Task not found') });
});
