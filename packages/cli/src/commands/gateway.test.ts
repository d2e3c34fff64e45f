import { createTestServer, type TestServer } from '@toolwire/testing';
import { referenceGateway, type ReferenceGateway, type ReferenceGatewayOptions } from '@toolwire/testing/gateway';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startHttpServer } from '../../../../test/servers/launch.ts';
import { serveFetch } from '../../../../test/servers/serve-fetch.ts';
import { folderWith, runCli, runUntrusted, type Outcome } from '../../test-fixtures/run-cli.ts';
import { warmUser } from '../../test-fixtures/warm.ts';

const env = { TOKEN: 'CANARY-token', UPSTREAM: 'CANARY-upstream' };

async function startServer(): Promise<{ server: TestServer; url: string }> {
  const server = createTestServer({ tools: { process_data: { handler: ({ input }) => ({ processed: input }) } } });
  onTestFinished(() => server.close());
  const { url } = await server.listen();
  return { server, url };
}

async function startGateway(options?: ReferenceGatewayOptions): Promise<ReferenceGateway> {
  const gateway = await referenceGateway(options);
  onTestFinished(() => gateway.close());
  return gateway;
}

/** A gateway that wants a token, with one server called `mine`, and the flags that reach it. */
async function gatewayWithServer(): Promise<{ gateway: ReferenceGateway; url: string; at: readonly string[] }> {
  const [gateway, { url }] = [await startGateway({ token: env.TOKEN }), await startServer()];
  const at = ['--gateway', gateway.url, '--bearer-env', 'TOKEN'];
  expect(await runCli(['gateway', 'servers', 'add', 'mine', url, ...at], { env })).toEqual(
    done(`Registered mine at ${gateway.url}: active\n`),
  );
  return { gateway, url, at };
}

const done = (stdout: string): Outcome => ({ exitCode: 0, stdout, stderr: '' });
const says = (text: string): string => expect.stringContaining(text) as string;

describe('mcp gateway servers', () => {
  test('lists, shows, disables, enables and removes what was added', async () => {
    const { gateway, url, at } = await gatewayWithServer();
    const mcp = (...words: string[]): Promise<Outcome> => runCli(['gateway', 'servers', ...words, ...at], { env });
    expect(await mcp('list')).toEqual(done(`mine  active  streamable-http  ${url}\n`));
    expect(await mcp('show', 'mine', '--pick', 'url')).toEqual(done(`${url}\n`));
    expect(await mcp('disable', 'mine')).toEqual(done(`Disabled mine at ${gateway.url}\n`));
    expect(JSON.parse((await mcp('list', '--json')).stdout)).toMatchObject({ servers: [{ enabled: false }] });
    expect(await mcp('enable', 'mine')).toEqual(done(`Enabled mine at ${gateway.url}\n`));
    expect(await mcp('remove', 'mine')).toEqual(done(`Removed mine from ${gateway.url}\n`));
    expect(await mcp('list')).toEqual({ exitCode: 0, stdout: '', stderr: 'mcp: there are no servers\n' });
    expect(await mcp('remove', 'mine')).toMatchObject({ exitCode: 2, stderr: says('has no server "mine"') });
  });

  test('follows every page of a list', async () => {
    const gateway = await startGateway({ pageSize: 2, connectOnRegister: false });
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await runCli(['gateway', 'servers', 'add', name, `http://127.0.0.1/${name}`, '--gateway', gateway.url]);
    expect(await runCli(['gateway', 'servers', 'list', '--gateway', gateway.url, '-r'])).toEqual(
      done('a\nb\nc\nd\ne\n'),
    );
  });

  test('adds with a credential for the server, which no output shows', async () => {
    const [gateway, { url }] = [await startGateway(), await startServer()];
    const add = ['gateway', 'servers', 'add', 'mine', url, '--gateway', gateway.url, '--json'];
    const about = ['--transport', 'http', '--description', 'Data', '--tag', 'a', '--tag', 'b'];
    for (const [header, kind] of [
      ['Authorization: Bearer ${UPSTREAM}', 'bearer'],
      ['X-API-Key: ${UPSTREAM}', 'api_key'],
    ]) {
      const outcome = await runCli([...add, '--force', '--server-header', header ?? '', ...about], { env });
      expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
      expect(JSON.parse(outcome.stdout)).toMatchObject({ authentication: kind, description: 'Data', tags: ['a', 'b'] });
      expect(outcome.stdout).not.toContain('CANARY');
    }
  });

  test.each<[words: readonly string[], text: string]>([
    [['add', 'mine', 'http://127.0.0.1:9/'], 'Server mine already exists'],
    [['add', 'other'], 'What is to be registered?'],
    [['add', 'other', 'localhost:8000'], 'must be a whole URL'],
    [['add', 'bad name', 'http://127.0.0.1/'], 'HTTP 422'],
    [['add', 'other', 'http://127.0.0.1/', '--server-header', 'CANARY'], "--server-header wants 'Name: value'"],
    [['add', 'other', 'http://127.0.0.1/', '--server-header', 'X: ${NOT_SET}'], 'the variable NOT_SET is not set'],
    [['add', 'other', 'http://127.0.0.1/', '--transport', 'pigeon'], '--transport is one of'],
    [['list', '--dialect', 'klingon'], '--dialect is one of rest'],
    [['list', 'mine'], 'list takes no names'],
    [['list', '-s', 'mine'], 'A gateway is named with --gateway'],
    [['lst'], 'Did you mean "list"?'],
    [['show'], 'Name one server'],
    [['show', 'none'], 'has no server "none"'],
  ])('refuses %j', async (words, text) => {
    const { at } = await gatewayWithServer();
    const outcome = await runCli(['gateway', 'servers', ...words, ...at], { env });
    expect(outcome).toEqual({ exitCode: 2, stdout: '', stderr: says(text) });
    expect(outcome.stderr).not.toContain('CANARY');
  });

  test('tells who is refused how to show a credential', async () => {
    const gateway = await startGateway({ token: env.TOKEN });
    const outcome = await runCli(['gateway', 'servers', 'list', '--gateway', gateway.url]);
    expect(outcome).toMatchObject({ exitCode: 4, stderr: says('Show a credential: --bearer-env VARIABLE') });
  });

  test.each<[flags: readonly string[], text: string]>([
    [['--bearer-env', 'CANARY-token'], 'The variable that --bearer-env names is not set'],
    [['--bearer-env', 'TWO'], 'holds no token, or more than one word'],
    [['--gateway', 'http://user:CANARY@127.0.0.1/'], 'holds neither credentials nor a query'],
    [['--gateway', 'http://127.0.0.1/?key=CANARY'], 'holds neither credentials nor a query'],
    [['--gateway', 'main'], 'No gateway is called "main"'],
    [['--gateway', 'http://127.0.0.1:1', '--gateway', 'http://127.0.0.1:2', '--header', 'X: CANARY'], 'one gateway'],
    [
      ['--gateway', 'http://gateway.example', '--header', 'Authorization: CANARY'],
      'If that is meant, add --insecure-http',
    ],
  ])('refuses %j, and repeats no secret', async (flags, text) => {
    const given = flags.includes('--gateway') ? flags : [...flags, '--gateway', 'http://127.0.0.1:1'];
    const outcome = await runCli(['gateway', 'servers', 'list', ...given], { env: { TWO: 'CANARY two' } });
    expect(outcome).toEqual({ exitCode: 2, stdout: '', stderr: says(text) });
    expect(outcome.stderr).not.toContain('CANARY');
  });
});

describe('several gateways', () => {
  test('list a server that they share once, and one that is down hides no other', async () => {
    const [east, west, { url }] = [await startGateway(), await startGateway(), await startServer()];
    for (const gateway of [east, west])
      await runCli(['gateway', 'servers', 'add', 'mine', url, '--gateway', gateway.url]);
    const list = ['gateway', 'servers', 'list', '--gateway', east.url, '--gateway', west.url];
    expect(await runCli(list)).toEqual(done(`mine  ${east.url}, ${west.url}  ${url}\n`));
    await west.down();
    const outcome = await runCli([...list, '--json']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: says('Cannot reach the gateway') });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      servers: [{ name: 'mine', routes: [{ gateway: east.url, server: { url } }] }],
      failures: { [west.url]: { error: { code: 'connection-failed' } } },
    });
    await east.down();
    const refused = (at: string): string => `mcp: Cannot reach the gateway at ${at}: `;
    const { stderr, ...rest } = await runCli(list);
    expect(rest).toEqual({ exitCode: 3, stdout: '' });
    for (const gateway of [east, west]) expect(stderr).toContain(refused(gateway.url));
  });

  test('are those of the configuration where none is named', async () => {
    const [east, west] = [await startGateway({ token: env.TOKEN }), await startGateway()];
    const headers = { Authorization: 'Bearer ${TOKEN}' };
    const cwd = folderWith({ 'mcp.json': { gateways: { east: { url: east.url, headers }, west: { url: west.url } } } });
    expect(await runCli(['gateway', 'health'], { cwd, env })).toEqual(done('east  healthy\nwest  healthy\n'));
    expect(await runCli(['gateway', 'servers', 'show', 'a'], { cwd, env })).toMatchObject({
      exitCode: 2,
      stderr: says('Name one gateway'),
    });
    await west.down();
    const outcome = await runCli(['gateway', 'health', '--json'], { cwd, env });
    expect(outcome).toMatchObject({ exitCode: 3, stderr: says('Cannot reach the gateway') });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      gateways: { east: { status: 'healthy' }, west: { error: { code: 'connection-failed' } } },
    });
  });

  test('of a file that was only found get nothing of the environment before that is allowed', async () => {
    const gateway = await startGateway();
    const main = { url: gateway.url, headers: { Authorization: 'Bearer ${TOKEN}' } };
    const io = { cwd: folderWith({ 'mcp.json': { gateways: { main } } }), env };
    for (const words of [
      ['gateway', 'health'],
      ['tools', 'list', '-s', 'gateway:main/mine'],
    ])
      expect(await runUntrusted(words, io)).toMatchObject({
        exitCode: 2,
        stderr: says('allow it for this run: --trust'),
      });
    expect(gateway.requests).toEqual([]);
  });
});

describe('the health of a server', () => {
  test('is what its gateway finds', async () => {
    const { at } = await gatewayWithServer();
    expect(await runCli(['gateway', 'health', 'mine', ...at], { env })).toEqual(done('mine  healthy\n'));
    await runCli(['gateway', 'servers', 'disable', 'mine', ...at], { env });
    expect(await runCli(['gateway', 'health', 'mine', 'none', ...at], { env })).toEqual({
      exitCode: 3,
      stdout: 'mine  disabled\n',
      stderr: says('mcp: mine: it is disabled\nmcp: This gateway has no server "none"\n'),
    });
  });
});

describe('-s gateway:URL/SERVER', () => {
  const call = ['process_data', '--input', '{"input":"test"}'];

  test('lists and calls the tools of a server behind a gateway', async () => {
    const { gateway } = await gatewayWithServer();
    const at = ['-s', `gateway:${gateway.url}/mine`, '--bearer-env', 'TOKEN'];
    expect(await runCli(['tools', 'list', ...at], { env })).toMatchObject({
      exitCode: 0,
      stdout: says('process_data'),
    });
    expect(await runCli(['tools', ...at, 'call', ...call], { env })).toEqual(done('{"processed":"test"}\n'));
    expect(gateway.requests).toContainEqual(expect.stringMatching(/^POST \/servers\/[^/]+\/mcp$/));
  });

  test('goes through the gateway where that has tools over plain REST alone', async () => {
    const tool = { name: 'process_data', inputSchema: { type: 'object', properties: { input: { type: 'string' } } } };
    const answers: Readonly<Record<string, unknown>> = {
      'GET /servers': [{ id: '1', name: 'mine' }],
      'GET /servers/mine': { id: '1', name: 'mine' },
      'GET /servers/1/tools': [tool],
      'POST /servers/1/tools/call': { content: [{ type: 'text', text: 'by REST' }] },
    };
    const gateway = await serveFetch(({ method, url }) => {
      const answer = answers[`${method} ${new URL(url).pathname}`];
      return answer === undefined ? new Response(null, { status: 404 }) : Response.json(answer);
    });
    onTestFinished(() => gateway.close());
    const at = ['-s', `gateway:${gateway.url}/mine`];
    expect(await runCli(['tools', 'list', ...at, '-r'])).toEqual(done('process_data\n'));
    expect(await runCli(['tools', ...at, 'call', 'process_data', '--input', 'x'])).toEqual(done('by REST\n'));
    const sent = gateway.received.find(({ path }) => path === '/servers/1/tools/call');
    expect(sent?.body).toEqual({ name: 'process_data', arguments: { input: 'x' } });
  });

  test('is asked what a server asks, as without a gateway', async () => {
    await using server = await startHttpServer('v1-server');
    const gateway = await startGateway();
    await runCli(['gateway', 'servers', 'add', 'asks', server.url, '--gateway', gateway.url]);
    const outcome = await runCli(['tools', '-s', `gateway:${gateway.url}/asks`, 'call', 'confirm']);
    expect(outcome).toMatchObject({ exitCode: 5, stderr: says('declined, since nobody can be asked here') });
  });

  test('takes a gateway of the configuration by its name', async () => {
    const { gateway } = await gatewayWithServer();
    const main = { url: gateway.url, headers: { Authorization: 'Bearer ${TOKEN}' } };
    const io = { cwd: folderWith({ 'mcp.json': { gateways: { main } } }), env };
    expect(await runCli(['tools', '-s', 'gateway:main/mine', 'call', ...call], io)).toEqual(
      done('{"processed":"test"}\n'),
    );
    expect(await runCli(['doctor', 'gateway:main/mine'], io)).toMatchObject({ exitCode: 0, stdout: says('1 tools') });
  });

  test.each<[written: string, exitCode: number, text: string]>([
    ['mine', 4, 'Show a credential'],
    ['none', 4, 'Show a credential'],
    ['', 2, 'is written gateway:URL/SERVER'],
  ])('says what is wrong (%j without a credential)', async (server, exitCode, text) => {
    const { gateway } = await gatewayWithServer();
    const outcome = await runCli(['tools', 'list', '-s', `gateway:${gateway.url}/${server}`]);
    expect(outcome).toEqual({ exitCode, stdout: '', stderr: says(text) });
  });

  test('says that a server is disabled, or not there; another one is listed all the same', async () => {
    const { gateway, at } = await gatewayWithServer();
    const main = { url: gateway.url, headers: { Authorization: 'Bearer ${TOKEN}' } };
    const io = { cwd: folderWith({ 'mcp.json': { gateways: { main } } }), env };
    const list = ['tools', 'list', '-s', 'gateway:main/mine', '-s', 'gateway:main/none'];
    expect(await runCli(list, io)).toEqual({
      exitCode: 0,
      stdout: says('process_data'),
      stderr: says('has no server "none"'),
    });
    await runCli(['gateway', 'servers', 'disable', 'mine', ...at], { env });
    expect(await runCli(list, io)).toMatchObject({ exitCode: 2, stdout: '', stderr: says('"mine" is disabled') });
  });

  test('is neither kept warm nor joined to a host', async () => {
    const { gateway } = await gatewayWithServer();
    const user = warmUser();
    for (const words of [
      ['proxy', '-s'],
      ['up', '-s'],
    ]) {
      const outcome = await user.run([...words, `gateway:${gateway.url}/mine`]);
      expect(outcome).toMatchObject({ exitCode: 2, stderr: says('neither kept warm nor joined to a host') });
    }
    expect(await user.connections()).toEqual([]);
  });
});

test.each<[words: readonly string[], found: readonly string[]]>([
  [['gateway', 'servers', 'e'], ['enable']],
  [['gateway', 'health', '--gateway', ''], ['main']],
  [
    ['gateway', 'health', '--dialect', 'mcp-'],
    ['mcp-hub', 'mcp-proxy', 'mcp-only'],
  ],
  [
    ['registry', ''],
    ['search', 'show', 'add'],
  ],
  [['registry', 'add', '--pa'], ['--package']],
])('a shell completes %j', async (words, found) => {
  const cwd = folderWith({ 'mcp.json': { gateways: { main: { url: 'http://127.0.0.1:1' } } } });
  expect(await runCli(['__complete', ...words], { cwd })).toEqual(done(found.map((word) => `${word}\n`).join('')));
});
