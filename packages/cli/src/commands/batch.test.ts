import { describe, expect, test } from 'vitest';
import { realCommand, severalServers } from '../../test-fixtures/real-servers.ts';
import { folderWith, input, runCli } from '../../test-fixtures/run-cli.ts';

function linesOf(stdout: string): unknown[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function jsonl(...jobs: readonly object[]): string {
  return jobs.map((job) => `${JSON.stringify(job)}\n`).join('\n');
}

describe('mcp run', () => {
  test('prints a line for each call, in their order, over one connection', async () => {
    const slow = { tool: 'slow', arguments: { label: 'x', steps: 1, stepMs: 200 }, id: 'first' };
    const pids = { tool: 'environment' };
    const calls = jsonl(slow, { tool: 'echo', arguments: { text: 'hi' } }, { method: 'ping' }, pids, pids);
    const argv = ['run', 'calls.jsonl', '-j', '4', ...realCommand('v1')];
    const { exitCode, stdout, stderr } = await runCli(argv, { cwd: folderWith({ 'calls.jsonl': calls }) });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [first, second, third, one, other] = linesOf(stdout);
    expect(first).toMatchObject({ line: 1, id: 'first', result: { content: [{ text: 'x done' }] } });
    expect(second).toMatchObject({ line: 3, result: { content: [{ text: 'hi' }] } });
    expect(third).toEqual({ line: 5, result: {} });
    expect((one as { result: unknown }).result).toEqual((other as { result: unknown }).result);
  });

  test('reads standard input, and ends with 1 when a call has failed; the others are run', async () => {
    const calls = jsonl({ tool: 'fail' }, { tool: 'nope', id: 7 }, { tool: 'echo', arguments: { text: 'hi' } });
    const { exitCode, stdout } = await runCli(['run', '-', ...realCommand('v1')], { stdin: input(calls) });
    expect(exitCode).toBe(1);
    expect(linesOf(stdout)).toMatchObject([
      { line: 1, result: { isError: true } },
      { line: 3, id: 7, error: { code: 'protocol-error', server: 'node' } },
      { line: 5, result: {} },
    ]);
  });

  test('finds tools among several servers, and names the one that a line means', async () => {
    const calls = jsonl(
      { tool: 'add', arguments: { a: 1, b: 2 } },
      { tool: 'where', server: 'few' },
      { method: 'ping' },
    );
    const { stdout } = await runCli(['run', '-', '-s', 'few', '-s', 'full'], {
      cwd: severalServers(),
      stdin: input(calls),
    });
    expect(linesOf(stdout)).toMatchObject([
      { result: { structuredContent: { sum: 3 } } },
      { result: {} },
      { error: {} },
    ]);
  });

  test.each<[calls: string, message: string]>([
    ['{"tool": "echo"}\n{"tool": 7}\n', 'Line 2 is no call'],
    ['{"tool": "echo"}\n{tool}\n', 'Line 2 is not valid JSON'],
  ])('runs nothing of a batch with a line that cannot be read', async (calls, message) => {
    const { exitCode, stdout, stderr } = await runCli(['run', '-', '--', 'no-such-command'], { stdin: input(calls) });
    expect({ exitCode, stdout, says: stderr.includes(message) }).toEqual({ exitCode: 2, stdout: '', says: true });
  });
});

describe('mcp rpc', () => {
  test.each<[argv: string[], exitCode: number, stdout: string]>([
    [['rpc', 'ping', '--json'], 0, '{}\n'],
    [['rpc', 'resources/read', '{"uri":"notes://readme"}', '--pick', 'contents[0].text'], 0, 'Read me first.\n'],
    [['rpc', 'tools/call', '@call.json', '--pick', 'content[0].text', '-r'], 0, 'hi'],
    [['rpc', 'no/such', '{}'], 3, ''],
    [['rpc', 'ping', '[]'], 2, ''],
    [['rpc', 'ping', '{}', '{}'], 2, ''],
  ])('%j', async (argv, exitCode, stdout) => {
    const cwd = folderWith({ 'call.json': { name: 'echo', arguments: { text: 'hi' } } });
    expect(await runCli([...argv, ...realCommand('v1')], { cwd })).toMatchObject({ exitCode, stdout });
  });
});
