import { createTestServer } from '@toolwire/testing';
import { expect, test } from 'vitest';
import { fixtureEntry, folderWith, runCli } from '../../test-fixtures/run-cli.ts';

const cwd = (): string => folderWith({ 'mcp.json': { mcpServers: { local: fixtureEntry() } } });

test('each tool is shown, with whether it is strict and what gets lost', async () => {
  const { exitCode, stdout, stderr } = await runCli(['openai', 'tools'], { cwd: cwd() });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^echo +strict$/m);
  expect(stdout).toMatch(/^\d+ tools, \d+ of them strict, 0 left out\n$/m);
});

test('with --json they are what goes into a request, with the report', async () => {
  const { stdout } = await runCli(['openai', 'tools', '--json', '--api', 'chat', '--strict', 'off'], { cwd: cwd() });
  const { tools, report } = JSON.parse(stdout) as { tools: object[]; report: object };
  expect(tools).toContainEqual({
    type: 'function',
    function: expect.objectContaining({ name: 'echo', strict: false }) as unknown,
  });
  expect(report).toMatchObject({ quarantined: [], failed: [], collisions: [] });
});

test('a tool that cannot be strict is left out where strictness is required', async () => {
  const deep = Array.from({ length: 12 }).reduce<object>(
    (inner) => ({ type: 'object', properties: { inner }, required: ['inner'] }),
    { type: 'string' },
  );
  await using server = createTestServer({ tools: { dig: { inputSchema: { ...deep }, handler: () => 'never' } } });
  await using listening = await server.listen();
  const { exitCode, stdout } = await runCli(['openai', 'tools', '-s', listening.url, '--strict', 'require']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^dig is left out: .*cannot be strict/m);
  expect(stdout).toContain('0 tools, 0 of them strict, 1 left out');
});

test('a dead server is told, and hides no other', async () => {
  const servers = { mcpServers: { dead: fixtureEntry('dies'), local: fixtureEntry() } };
  const folder = folderWith({ 'mcp.json': servers });
  const { exitCode, stdout, stderr } = await runCli(['openai', 'tools', '--json'], { cwd: folder });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    report: { failed: [{ server: 'dead', error: { code: 'server-exited' } }] },
  });
  expect(JSON.parse(stderr)).toMatchObject({ error: { server: 'dead' } });
  expect((await runCli(['openai', 'tools', 'dead'], { cwd: folder })).exitCode).toBe(3);
});
