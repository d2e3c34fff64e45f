import { describe, expect, test } from 'vitest';
import { realCommand, severalServers } from '../../test-fixtures/real-servers.ts';
import { folderWith, runCli } from '../../test-fixtures/run-cli.ts';

describe.each(['v1', 'v2'] as const)('the prompts of a %s server', (generation) => {
  const server = realCommand(generation);

  test.each<[argv: string[], exitCode: number, stdout: string]>([
    [['prompts', 'get', 'hello'], 0, 'user: Say hello.\n'],
    [['prompts', 'get', 'review', '--code', 'x', 'language=C'], 0, 'user: Review this C: x\n'],
    [['prompts', 'get', 'review', '--input', '{"code": 7}', '--no-validate'], 0, 'user: Review this any language: 7\n'],
    [['prompts', 'get', '-r', 'review', 'code=@x.c'], 0, 'Review this any language: int x;'],
    [['prompts', 'get', 'review'], 2, ''],
    [['prompts', 'get', 'review', '--cod', 'x'], 2, ''],
    [['complete', 'review', 'language=p'], 0, 'python\nperl\npascal\n'],
    [['complete', 'greeting://{name}', 'name=al', '-o', 'jsonl'], 0, '"alan"\n"alonzo"\n'],
    [['complete', 'review', 'language'], 2, ''],
  ])('%j', async (argv, exitCode, stdout) => {
    expect(await runCli([...argv, ...server], { cwd: folderWith({ 'x.c': 'int x;' }) })).toMatchObject({
      exitCode,
      stdout,
    });
  });

  test('are shown with their arguments', async () => {
    const usage = 'Usage: mcp prompts get review --code <string> [--language <string>]';
    expect((await runCli(['prompts', 'show', 'review', ...server])).stdout).toContain(usage);
    expect((await runCli(['prompts', 'get', 'review', '--help', ...server])).stdout).toContain(usage);
    expect((await runCli(['prompts', 'get', 'review', ...server])).stderr).toContain(`Missing --code\n  ${usage}`);
  });
});

test('among several servers prompts are found by name, and a close one is suggested', async () => {
  const cwd = severalServers();
  const { stdout } = await runCli(['prompts', 'list'], { cwd });
  expect(stdout).toContain('few\n  (no prompts)\n\nfull\n  hello ');
  expect((await runCli(['prompts', 'get', 'full/hello'], { cwd })).stdout).toBe('user: Say hello.\n');
  const wrong = await runCli(['prompts', 'show', 'helo', '-s', 'full'], { cwd });
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Did you mean "hello"?') });
});

test('ping tells how fast each server is, and fails for a dead one', async () => {
  const cwd = severalServers();
  const { exitCode, stdout, stderr } = await runCli(['ping'], { cwd });
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/^few +[\d.]+ ms +connected in [\d.]+ ms\nfull +/);
  expect(stderr).toContain('mcp: dead: ');
  const json = await runCli(['ping', 'few', '--json'], { cwd });
  expect(json.exitCode).toBe(0);
  expect(JSON.parse(json.stdout)).toMatchObject({ servers: { few: { pingMs: expect.any(Number) } } });
});
