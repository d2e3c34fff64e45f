import { afterAll, beforeAll, expect, test } from 'vitest';
import { listeners, startHttpServer, type TestServer } from '../../test-fixtures/http-server.ts';
import { realCommand } from '../../test-fixtures/real-servers.ts';
import { fixtureEntry, folderWith, input, runCli } from '../../test-fixtures/run-cli.ts';
import { answersIn, callMessage, greeting, wireLines } from '../../test-fixtures/wire-lines.ts';

let http: TestServer;

beforeAll(async () => {
  http = await startHttpServer(listeners.mcp);
});
afterAll(() => http.close());

const talk = wireLines(...greeting, callMessage(1, 'echo', { text: 'hi', message: 'hi' }));

test.each<[what: string, target: () => readonly string[]]>([
  ['a command', () => realCommand('v1')],
  ['a URL', () => ['-s', http.url]],
])('%s: the host gets its answers, and stderr shows every message', async (_what, target) => {
  const { exitCode, stdout, stderr } = await runCli(['trace', ...target()], { stdin: input(talk) });
  expect(exitCode).toBe(0);
  expect(answersIn(stdout).get(1)).toMatchObject({ result: { content: [{ text: 'hi' }] } });
  for (const line of [
    /^ +\d+\.\d{3} → #"hello" initialize \{"protocolVersion"/m,
    /^ +\d+\.\d{3} ← #"hello" initialize \d+(\.\d)? ms \{/m,
    /^ +\d+\.\d{3} → notifications\/initialized$/m,
    /^ +\d+\.\d{3} ← #1 tools\/call \d+(\.\d)? ms \{"content"/m,
    /requests: 2$/m,
  ]) {
    expect(stderr).toMatch(line);
  }
});

test('over HTTP the agreed revision goes along in a header', async () => {
  const before = http.requests.length;
  await runCli(['trace', '-s', http.url], {
    stdin: inTurn(wireLines(...greeting), wireLines({ id: 2, method: 'ping' })),
  });
  const versions = http.requests.slice(before).map(({ method, headers }) => [method, headers['mcp-protocol-version']]);
  expect(versions[0]).toEqual(['POST', undefined]);
  expect(versions.slice(1)).toContainEqual(['POST', '2025-11-25']);
});

/** A host that waits a while before it goes on. */
async function* inTurn(...texts: readonly string[]): AsyncGenerator<string> {
  for (const text of texts) {
    yield text;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

test('a server that writes what is no message is shown doing so, and harms nobody', async () => {
  const script = `console.log('Server is ready \\u001b[2J');
    process.stdin.on('data', (data) => console.log(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(data).id, result: {} })));`;
  const argv = ['trace', '--', process.execPath, '-e', script];
  const { stdout, stderr } = await runCli(argv, { stdin: input(wireLines({ id: 1, method: 'ping' })) });
  expect(stdout).toBe('{"jsonrpc":"2.0","id":1,"result":{}}\n');
  expect(stderr).toMatch(/ ← ! a line on stdout that is no message: Server is ready \\x1b\[2J$/m);
});

test('--json has nothing but lines of JSON on stderr', async () => {
  const { stderr } = await runCli(['trace', '--json', ...realCommand('v1')], { stdin: input(talk) });
  const lines = stderr.trimEnd().split('\n');
  const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>); // As it should be.
  expect(parsed.at(-1)).toMatchObject({ requests: 2, unanswered: [] });
  expect(parsed.find(({ id, from }) => id === 'hello' && from === 'server')).toMatchObject({
    method: 'initialize',
    durationMs: expect.any(Number),
    message: { result: { serverInfo: { name: 'v1-server' } } },
  });
});

test('a server that ends leaves a request without an answer, which is told', async () => {
  const { command, args } = fixtureEntry();
  const cwd = folderWith({});
  const argv = ['trace', '--', command, ...args];
  const { exitCode, stderr } = await runCli(argv, { cwd, stdin: input(wireLines(callMessage(1, 'die'))) });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/\| fixture: dying$/m);
  expect(stderr).toMatch(/requests: 1; no answer to #1 tools\/call\nmcp: The server .+ exited with code 9/);
});

test('a failure over HTTP is the answer of the host', async () => {
  const missing = await startHttpServer(listeners.notFound);
  const argv = ['trace', '-s', missing.url];
  const { stdout, stderr } = await runCli(argv, { stdin: input(wireLines({ id: 1, method: 'ping' })) });
  missing.close();
  expect(answersIn(stdout).get(1)).toMatchObject({ error: { message: expect.stringContaining('404') } });
  expect(stderr).toMatch(/← #1 ping [\d.]+ ms FAILED -32000 .+404/);
});
