import { expect, test } from 'vitest';
import { realCommand } from '../../test-fixtures/real-servers.ts';
import { fixtureEntry, folderWith, runCli, type Outcome } from '../../test-fixtures/run-cli.ts';

const { command, args } = fixtureEntry();

function bench(...argv: readonly string[]): Promise<Outcome> {
  return runCli(['bench', ...argv, '--', command, ...args]);
}

test('a tool is called as often as wanted, and the times are told', async () => {
  const { exitCode, stdout, stderr } = await bench('-n', '20', '-j', '4', 'echo', '--message', 'hi');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(
    /^echo on node: 20 calls in [\d.]+ s, 4 at once\n {2}rate {4}[\d.]+ calls\/s\n {2}time {4}min .+ p50 .+ p90 .+ p99 .+ max [\d.]+ ms\n$/,
  );
});

test('our flags may follow the name; what the tool has is the tool’s', async () => {
  const { stdout } = await bench('echo', 'message=hi', '-n', '3', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ tool: 'echo', server: 'node', jobs: 1, calls: 3, errors: {} });
  const own = ['bench', 'slow', '--label', 'x', '--steps', '1', '--stepMs', '5', '-n', '2', '--pick', 'latencyMs.min'];
  expect(Number((await runCli([...own, ...realCommand('v2')])).stdout)).toBeGreaterThanOrEqual(4);
});

test('--duration ends it', async () => {
  const { stdout } = await bench('--duration', '200ms', 'echo', 'message=hi', '--json');
  const { seconds, calls } = JSON.parse(stdout) as { seconds: number; calls: number }; // As the test above shows.
  expect(seconds).toBeGreaterThanOrEqual(0.2);
  expect(calls).toBeGreaterThan(1);
});

test('errors of the tool are counted, and end it with 1', async () => {
  const { exitCode, stdout } = await bench('-n', '5', 'fail');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/\n {2}errors {2}5 tool-error\n$/);
});

test.each<[what: string, argv: readonly string[], exitCode: number, says: string]>([
  ['arguments that do not fit', ['echo'], 2, 'Usage: mcp bench echo --message <string>'],
  ['an unknown tool', ['ehco'], 2, 'Did you mean "echo"?'],
  ['a call that is refused', ['refuse'], 2, 'Those arguments are wrong'],
  ['a server that dies', ['die'], 3, 'exited'],
  ['a wrong number', ['-n', 'many', 'echo', 'message=x'], 2, '--calls wants a number'],
  ['a wrong time', ['--duration', 'long', 'echo', 'message=x'], 2, '--duration wants a time'],
])('%s stops it before anything is measured', async (_what, argv, exitCode, says) => {
  const outcome = await bench(...argv);
  expect({ exitCode: outcome.exitCode, stdout: outcome.stdout }).toEqual({ exitCode, stdout: '' });
  expect(outcome.stderr).toContain(says);
});

test('a tool that its server calls destructive is called only with --yes', async () => {
  const tools = { drop: { annotations: { destructiveHint: true }, answer: { text: 'gone' } } };
  const cwd = folderWith({ 'mock.yaml': { tools } });
  const main = new URL('../main.ts', import.meta.url).pathname;
  const mock = ['--', process.execPath, '--conditions=@toolwire/source', main, 'mock', 'mock.yaml'];
  expect(await runCli(['bench', 'drop', '-n', '1', ...mock], { cwd })).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('--yes'),
  });
  expect(await runCli(['bench', 'drop', '-n', '1', '--yes', ...mock], { cwd })).toMatchObject({ exitCode: 0 });
});
