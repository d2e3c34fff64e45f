import { McpError, type StdioServerConfig } from '@toolwire/client-core';
import { connectGateway, openRegistry, resolveServer, type Ask, type Registry } from '@toolwire/gateway-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRegistry } from '../servers/registry.ts';
import type { GatewayStandIn } from '../servers/serve-fetch.ts';

let server: GatewayStandIn;
let registry: Registry;

beforeAll(async () => {
  server = await startRegistry();
  registry = openRegistry(server.url);
});

afterAll(() => server.close());

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

const answers =
  (values: Record<string, string>): Ask =>
  ({ name }) =>
    values[name];

describe('a search', () => {
  test('finds servers by a part of their names', async () => {
    expect(await registry.search('weather')).toMatchObject([{ name: 'io.github.example/weather', title: 'Weather' }]);
  });

  test('goes over the pages until it has as many as are wanted', async () => {
    expect(await registry.search('filler', { limit: 120 })).toHaveLength(120);
    expect(await registry.search('filler', { limit: 7 })).toHaveLength(7);
    expect(await registry.search('filler')).toHaveLength(30);
  });
});

test('a server is got by its name, which holds a slash', async () => {
  expect(await registry.get('io.github.example/database')).toMatchObject({ version: '1.2.3', status: 'active' });
  expect(await registry.get('io.github.example/database', { version: '1.2.3' })).toMatchObject({ version: '1.2.3' });
  expect(await failureOf(registry.get('io.github.example/none'))).toMatchObject({ code: 'arguments-invalid' });
});

test('as a gateway it is a list to be read, and nothing else', async () => {
  await using gateway = await connectGateway(server.url);
  expect(gateway.dialect).toBe('registry');
  expect(await gateway.servers.list()).toHaveLength(153);
  expect(await gateway.servers.get('io.github.example/weather')).toMatchObject({ transport: 'streamable-http' });
  const sent = server.received.length;
  const refusals = [gateway.callTool('a/b'), gateway.open('a'), gateway.listTools(), gateway.servers.remove('a')];
  for (const refusal of refusals) expect(await failureOf(refusal)).toMatchObject({ code: 'unsupported-capability' });
  expect(server.received).toHaveLength(sent);
});

describe('a remote becomes a configuration', () => {
  const secrets = { 'X-API-Key': '${WEATHER_KEY}', token: 'the-token' };

  test('with its variables and headers filled in', async () => {
    const config = await resolveServer(await registry.get('io.github.example/weather'), { ask: answers(secrets) });
    expect(config).toEqual({
      url: 'https://eu.weather.example.com/mcp',
      transport: 'http',
      headers: { 'X-API-Key': '${WEATHER_KEY}', Authorization: 'Bearer the-token' },
    });
  });

  test('that asks for what is secret as such', async () => {
    const asked: string[] = [];
    const ask: Ask = ({ name, isSecret }) => {
      if (isSecret) asked.push(name);
      return 'eu';
    };
    await resolveServer(await registry.get('io.github.example/weather'), { ask });
    expect(asked).toEqual(['X-API-Key', 'token']);
  });

  test.each([
    ['what must be given is missing', {}, 'X-API-Key is missing'],
    ['a value is none of its choices', { ...secrets, region: 'moon' }, 'region must be one of eu, us'],
  ])('not when %s', async (_why, values, message) => {
    const failure = await failureOf(
      resolveServer(await registry.get('io.github.example/weather'), { ask: answers(values) }),
    );
    expect(failure).toBeInstanceOf(McpError);
    expect(failure).toMatchObject({ code: 'config-invalid', message: expect.stringContaining(message) as string });
  });
});

describe('a package becomes a command', () => {
  const values = { DB_PASSWORD: 'CANARY', database: 'shop', '--port': '5432' };

  test('with consent only, which is asked for what will run, without its secrets', async () => {
    const database = await registry.get('io.github.example/database');
    expect(await failureOf(resolveServer(database, { ask: answers(values) }))).toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('runs with consent only') as string,
    });
    const shown: StdioServerConfig[] = [];
    const consent = (command: StdioServerConfig): boolean => shown.push(command) > 0;
    const config = await resolveServer(database, { ask: answers(values), consent });
    const args = [
      '-y',
      '--quiet',
      'true',
      '@example/database-mcp@1.2.3',
      '--host',
      'localhost',
      '--port',
      '5432',
      'shop',
    ];
    expect(config).toEqual({ command: 'npx', args, env: { DB_PASSWORD: 'CANARY', SSL_MODE: 'prefer' } });
    expect(shown).toEqual([{ command: 'npx', args, env: { DB_PASSWORD: '…', SSL_MODE: 'prefer' } }]);
  });

  test('in a container, where that is preferred to the remote', async () => {
    const both = await registry.get('io.github.example/container');
    expect(await resolveServer(both)).toEqual({ url: 'https://container.example.com/sse', transport: 'sse' });
    expect(await resolveServer(both, { prefer: 'package', consent: () => true })).toEqual({
      command: 'docker',
      args: ['run', '-i', '--rm', '-e', 'LEVEL', 'example/container:3.1.0'],
      env: { LEVEL: 'info' },
    });
  });

  test.each(['--privileged', 'a b', 'x;y', '$(x)'])('never with the identifier %s', async (identifier) => {
    const base = await registry.get('io.github.example/container');
    const packages = base.packages.map((each) => ({ ...each, identifier }));
    const resolving = resolveServer({ ...base, remotes: [], packages }, { consent: () => true });
    expect(await failureOf(resolving)).toMatchObject({ code: 'config-invalid' });
  });

  test('never of a kind that is not known', async () => {
    const base = await registry.get('io.github.example/container');
    const packages = base.packages.map((each) => ({ ...each, registryType: 'constructor' }));
    const resolving = resolveServer({ ...base, remotes: [], packages }, { consent: () => true });
    expect(await failureOf(resolving)).toMatchObject({ message: 'Packages of constructor cannot be started' });
  });
});
