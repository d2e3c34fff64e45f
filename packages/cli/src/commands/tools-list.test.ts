import { describe, expect, test } from 'vitest';
import { listeners, startHttpServer } from '../../test-fixtures/http-server.ts';
import { fixtureEntry, folderWith, runCli } from '../../test-fixtures/run-cli.ts';
import { configFileNames } from '../config-file.ts';

const one = { mcpServers: { local: fixtureEntry() } };
const command = ['--', process.execPath, ...fixtureEntry().args];

describe('one server is listed', () => {
  test.each(configFileNames)('from %s in the working directory', async (name) => {
    const { exitCode, stdout } = await runCli(['tools', 'list'], { cwd: folderWith({ [name]: one }) });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^echo +Says a message back\.$/m);
  });

  test('from the file that --config names', async () => {
    const { exitCode, stdout } = await runCli(['tools', 'list', '--config', 'x.json'], {
      cwd: folderWith({ 'x.json': one }),
    });
    expect({ exitCode, lists: stdout.includes('echo') }).toEqual({ exitCode: 0, lists: true });
  });

  test('from the file and the name that -s names', async () => {
    const cwd = folderWith({ 'x.json': { mcpServers: { ...one.mcpServers, dead: fixtureEntry('dies') } } });
    const { exitCode, stdout } = await runCli(['tools', 'list', '-s', './x.json#local'], { cwd });
    expect({ exitCode, lists: stdout.includes('echo') }).toEqual({ exitCode: 0, lists: true });
  });

  test('from the command after --', async () => {
    const { exitCode, stdout, stderr } = await runCli(['tools', 'list', ...command]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^echo /m);
  });

  test('from a URL, with the headers that were given', async () => {
    const server = await startHttpServer(listeners.mcp);
    const argv = ['tools', 'list', '-s', server.url, '--header', 'X-API-Key: secret', '--header', 'X-Other:1'];
    const { exitCode, stdout } = await runCli(argv);
    server.close();
    expect({ exitCode, lists: stdout.includes('echo') }).toEqual({ exitCode: 0, lists: true });
    expect(server.requests.length).toBeGreaterThan(0);
    for (const { headers } of server.requests) expect(headers).toMatchObject({ 'x-api-key': 'secret', 'x-other': '1' });
  });

  test('as the protocol has it, with --json', async () => {
    const { stdout } = await runCli(['tools', 'list', '--json', ...command]);
    const { tools } = JSON.parse(stdout) as { tools: { name: string; inputSchema: unknown }[] };
    expect(tools[0]).toMatchObject({ name: 'echo', inputSchema: { required: ['message'] } });
    expect(stdout.split('\n')).toHaveLength(2);
  });
});

function threeServers(): string {
  const servers = { ...one.mcpServers, dead: fixtureEntry('dies'), other: fixtureEntry() };
  return folderWith({ 'mcp.json': { mcpServers: servers } });
}

describe('several servers are listed side by side', () => {
  test('and a dead one hides no other', async () => {
    const { exitCode, stdout, stderr } = await runCli(['tools', 'list'], { cwd: threeServers() });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^local\n {2}echo +Says/m);
    expect(stdout).toMatch(/^other\n {2}echo +Says/m);
    expect(stderr).toContain('mcp: dead: ');
    expect(stderr).toContain('no database');
  });

  test('under their names with --json, the dead one with its error', async () => {
    const { exitCode, stdout, stderr } = await runCli(['tools', 'list', '--json'], { cwd: threeServers() });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      servers: { local: { tools: expect.any(Array) as unknown }, dead: { error: { code: 'server-exited' } } },
    });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'server-exited', server: 'dead' } });
  });

  test('as far as they are named', async () => {
    const { stdout, stderr } = await runCli(['tools', 'list', 'local', 'other'], { cwd: threeServers() });
    expect(stdout).toContain('local\n');
    expect(stderr).toBe('');
  });

  test('and it is an error when none answers', async () => {
    const servers = { mcpServers: { a: fixtureEntry('dies'), b: { command: 'no-such-command-here' } } };
    const { exitCode, stdout } = await runCli(['tools', 'list'], { cwd: folderWith({ 'mcp.json': servers }) });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  });
});

test('an entry that cannot be used stops no other, and a disabled one is not there', async () => {
  const servers = { ...one.mcpServers, broken: { command: 7 }, off: { ...fixtureEntry(), disabled: true } };
  const cwd = folderWith({ 'mcp.json': `\uFEFF${JSON.stringify({ mcpServers: servers })}` });
  expect((await runCli(['tools', 'list', '-s', 'local'], { cwd })).exitCode).toBe(0);
  const broken = await runCli(['tools', 'list', '-s', 'broken'], { cwd });
  expect(broken.exitCode).toBe(2);
  expect(broken.stderr).toContain('mcpServers.broken.command');
  const off = await runCli(['tools', 'list', '-s', 'off'], { cwd });
  expect(off.stderr).toContain('No server is called "off"');
});
