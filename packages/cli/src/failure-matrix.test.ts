import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listeners, startHttpServer, type TestServer } from '../test-fixtures/http-server.ts';
import { fixtureEntry, folderWith, runCli } from '../test-fixtures/run-cli.ts';

/** One way to fail: what is asked, and what it ends with. */
interface Row {
  readonly argv: readonly string[];
  readonly exitCode: number;
  readonly code: string;
  readonly says: string;
  readonly files?: Readonly<Record<string, unknown>>;
}

const servers = new Map<string, TestServer>();

beforeAll(async () => {
  for (const [name, listener] of Object.entries(listeners)) servers.set(`URL ${name}`, await startHttpServer(listener));
});

afterAll(() => {
  for (const server of servers.values()) server.close();
});

const command = (mode: string): string[] => ['--', process.execPath, ...fixtureEntry(mode).args];
const good = fixtureEntry();

const rows: Readonly<Record<string, Row>> = {
  'a wrong tool': {
    argv: ['tools', 'call', 'ehco', ...command('')],
    exitCode: 2,
    code: 'unknown-tool',
    says: 'Did you mean "echo"?',
  },
  'a missing argument': {
    argv: ['tools', 'call', 'echo', ...command('')],
    exitCode: 2,
    code: 'arguments-invalid',
    says: 'Missing --message',
  },
  'a wrong type': {
    argv: ['tools', 'call', 'get_user', '--user_id', 'x', ...command('')],
    exitCode: 2,
    code: 'arguments-invalid',
    says: 'user_id',
  },
  'an unknown server': {
    argv: ['tools', 'list', '-s', 'loacl'],
    exitCode: 2,
    code: 'unknown-server',
    says: 'Did you mean "local"?',
    files: { 'mcp.json': { mcpServers: { local: good } } },
  },
  'a server that dies at its start': {
    argv: ['tools', 'list', ...command('dies')],
    exitCode: 3,
    code: 'server-exited',
    says: 'no database',
  },
  'a server that dies during a call': {
    argv: ['tools', 'call', 'die', ...command('')],
    exitCode: 3,
    code: 'server-exited',
    says: 'fixture: dying',
  },
  'a server that never answers': {
    argv: ['tools', 'list', '--timeout', '500', ...command('silent')],
    exitCode: 124,
    code: 'connect-timeout',
    says: '--timeout',
  },
  'a server that cannot be stopped': {
    argv: ['tools', 'call', 'hang', '--timeout', '800', ...command('stubborn')],
    exitCode: 124,
    code: 'timeout',
    says: '--timeout',
  },
  'a call that is never answered': {
    argv: ['tools', 'call', 'hang', '--timeout', '800', ...command('')],
    exitCode: 124,
    code: 'timeout',
    says: '--timeout',
  },
  'a call that is refused': {
    argv: ['tools', 'call', 'refuse', ...command('')],
    exitCode: 2,
    code: 'protocol-error',
    says: 'Those arguments are wrong',
  },
  'a missing command': {
    argv: ['tools', 'list', '--', 'no-such-command-here'],
    exitCode: 3,
    code: 'spawn-failed',
    says: 'no-such-command-here',
  },
  'broken JSON': {
    argv: ['tools', 'list'],
    exitCode: 2,
    code: 'config-invalid',
    says: 'mcp.json:2:',
    files: { 'mcp.json': '{\n  "mcpServers": }' },
  },
  'a configuration that is not there': {
    argv: ['tools', 'list', '--config', 'none.json'],
    exitCode: 2,
    code: 'config-missing',
    says: 'none.json',
  },
  'no configuration': { argv: ['tools', 'list'], exitCode: 2, code: 'config-missing', says: '-s demo' },
  'an empty configuration': {
    argv: ['tools', 'list'],
    exitCode: 2,
    code: 'config-missing',
    says: 'mcp.json',
    files: { 'mcp.json': { mcpServers: {} } },
  },
  'a variable that is not set': {
    argv: ['tools', 'list'],
    exitCode: 2,
    code: 'config-invalid',
    says: 'MISSING_TOKEN',
    files: { 'mcp.json': { mcpServers: { local: { ...good, env: { TOKEN: '${MISSING_TOKEN}' } } } } },
  },
  'HTML instead of MCP': {
    argv: ['tools', 'list', '-s', 'URL html'],
    exitCode: 3,
    code: 'invalid-response',
    says: 'address of an MCP server',
  },
  'a page that is not there': {
    argv: ['tools', 'list', '-s', 'URL notFound'],
    exitCode: 3,
    code: 'http-error',
    says: '404',
  },
  'a missing credential': {
    argv: ['tools', 'list', '-s', 'URL unauthorized'],
    exitCode: 4,
    code: 'unauthorized',
    says: '--header',
  },
  'a URL that never answers': {
    argv: ['tools', 'list', '--timeout', '500', '-s', 'URL silent'],
    exitCode: 124,
    code: 'connect-timeout',
    says: '--timeout',
  },
};

/** `URL html` stands for the URL of the server that answers HTML. */
function withUrls(argv: readonly string[]): string[] {
  return argv.map((word) => servers.get(word)?.url ?? word);
}

describe.each(Object.entries(rows))('%s', (_what, { argv, exitCode, code, says, files = {} }) => {
  test(`ends with ${exitCode} and one clear message`, async () => {
    const outcome = await runCli(withUrls(argv), { cwd: folderWith(files) });
    expect({ exitCode: outcome.exitCode, stdout: outcome.stdout }).toEqual({ exitCode, stdout: '' });
    expect(outcome.stderr).toContain(says);
    expect(outcome.stderr.match(/^mcp: /gm)).toHaveLength(1);
    expect(outcome.stderr).not.toMatch(/^\s+at |node:internal/m);
    expect(outcome.stderr).not.toContain('\u001b');
  });

  test(`is ${code} with --json`, async () => {
    const outcome = await runCli(['--json', ...withUrls(argv)], { cwd: folderWith(files) });
    expect({ exitCode: outcome.exitCode, stdout: outcome.stdout }).toEqual({ exitCode, stdout: '' });
    expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(outcome.stderr)).toMatchObject({ error: { code } });
  });
});

test('the last words of a server are told once, however often it was started', async () => {
  const { stderr } = await runCli(['tools', 'list', ...command('dies')]);
  expect(stderr.match(/no database/g)).toHaveLength(1);
});

test('a URL that refuses is told as such', async () => {
  const { exitCode, stderr } = await runCli(['tools', 'list', '-s', `http://127.0.0.1:${await closedPort()}/mcp`]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('nothing listens there');
});

test('an error of the tool is its result, with exit code 1', async () => {
  const { exitCode, stdout, stderr } = await runCli(['tools', 'call', 'fail', ...command('')]);
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 1,
    stdout: 'it did not work\n',
    stderr: 'mcp: the tool reports an error\n',
  });
});

test('stderr of a server is silent while all is well, and shown with -v', async () => {
  expect((await runCli(['tools', 'list', ...command('')])).stderr).toBe('');
  expect((await runCli(['tools', 'list', '-v', ...command('')])).stderr).toBe('fixture: starting\n');
});

test('an interruption ends everything with 130', async () => {
  const interruption = new AbortController();
  setTimeout(() => interruption.abort(), 300);
  const { exitCode, stderr } = await runCli(['tools', 'call', 'hang', ...command('')], {
    interrupted: interruption.signal,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: 'mcp: Interrupted\n' });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
