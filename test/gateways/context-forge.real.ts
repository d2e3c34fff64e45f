import { AuthError } from '@toolwire/client-core';
import { connectGateway, federate, type Gateway, type GatewayServer, type ServerSpec } from '@toolwire/gateway-client';
import { createTestServer, type ListeningServer, type TestServer } from '@toolwire/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../servers/launch.ts';
import { startContextForge, type ContextForge } from './start-context-forge.ts';

let a: ContextForge;
let b: ContextForge;
let atA: Gateway;
let atB: Gateway;
let upstream: TestServer;
let listening: ListeningServer;

const connectTo = ({ url, token }: ContextForge): Promise<Gateway> =>
  connectGateway(url, { auth: { type: 'bearer', token } });

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Registers a server that is removed again. */
async function registered(spec: ServerSpec): Promise<GatewayServer & AsyncDisposable> {
  const server = await atA.servers.register(spec);
  return { ...server, [Symbol.asyncDispose]: () => atA.servers.remove(server.id, { ignoreMissing: true }) };
}

beforeAll(async () => {
  upstream = createTestServer({
    name: 'upstream',
    tools: {
      process_data: {
        inputSchema: { type: 'object', properties: { n: { type: 'number' } } },
        handler: ({ n }) => ({ processed: n }),
      },
    },
  });
  listening = await upstream.listen();
  [a, b] = await Promise.all([startContextForge(), startContextForge()]);
  [atA, atB] = await Promise.all([connectTo(a), connectTo(b)]);
});

afterAll(async () => {
  await Promise.all([atA, atB, a, b, upstream].map((each) => each?.[Symbol.asyncDispose]()));
});

test('is known by its answers to GET', () => {
  expect(atA.dialect).toBe('context-forge');
  expect(atA.capabilities).toEqual({
    register: true,
    update: true,
    remove: true,
    toggle: true,
    call: true,
    events: true,
  });
});

describe('a server', () => {
  test('is registered and called by the name that it gives its tool, though the gateway has another', async () => {
    const server = await atA.servers.register({ name: 'My_Server', url: listening.url, tags: ['test'] });
    expect(server).toMatchObject({ name: 'My_Server', state: 'active', transport: 'streamable-http', tags: ['test'] });
    const result = await atA.callTool({ server: 'My_Server', tool: 'process_data' }, { n: 1 });
    expect(JSON.parse(result.text())).toEqual({ processed: 1 });
    expect(await atA.listTools()).toMatchObject([
      { name: 'My_Server/process_data', server: 'My_Server', inputSchema: { properties: { n: { type: 'number' } } } },
    ]);
  });

  test('has a client of its own, with its prompts and resources', async () => {
    await using server = await startHttpServer('v1-server', ['--page-size', '50']);
    await using v1 = await registered({ name: 'V1', url: server.url });
    const client = await atA.open(v1.name);
    expect((await client.listPrompts()).map(({ name }) => name)).toContain('spare_1');
    expect((await client.getPrompt('review', { code: 'x' })).messages).toMatchObject([
      { content: { text: 'Review this any language: x' } },
    ]);
    expect((await client.listResources()).map(({ uri }) => uri)).toContain('notes://readme');
    expect(await client.getResource('notes://readme')).toBe('Read me first.');
  });

  test('is refused twice (409), and kept or changed where that is wanted', async () => {
    const spec = { name: 'My_Server', url: listening.url };
    expect(await failureOf(atA.servers.register(spec))).toMatchObject({ status: 409 });
    expect(await atA.servers.register(spec, { ifExists: 'return' })).toMatchObject({ name: 'My_Server' });
    expect(await atA.servers.update('My_Server', { description: 'changed' })).toMatchObject({ description: 'changed' });
  });

  test('is switched off and on', async () => {
    expect(await atA.servers.setEnabled('My_Server', false)).toMatchObject({ enabled: false, state: 'disabled' });
    expect((await atA.servers.list()).map(({ name }) => name)).toContain('My_Server');
    expect(await atA.serverHealth('My_Server')).toMatchObject({ status: 'disabled' });
    expect(await atA.listTools()).toEqual([]);
    expect(await atA.servers.setEnabled('My_Server', true)).toMatchObject({ enabled: true, state: 'active' });
    expect(await atA.serverHealth('My_Server')).toMatchObject({ status: 'healthy' });
  });

  test('that does not answer is refused (502), and one without a name, too (422)', async () => {
    expect(await failureOf(atA.servers.register({ name: 'down', url: 'http://127.0.0.1:1/mcp' }))).toMatchObject({
      status: 502,
    });
    expect(await failureOf(atA.servers.register({ name: '<script>', url: listening.url }))).toMatchObject({
      status: 422,
    });
  });

  test('with credentials gets them, and they are not shown', async () => {
    const canary = 'CANARY-bb01';
    const seen: (string | null)[] = [];
    await using strict = createTestServer({
      tools: { who: { handler: (_args, { http }) => void seen.push(http?.req?.headers.get('authorization') ?? null) } },
    });
    const authentication = { type: 'bearer', token: canary } as const;
    await using server = await registered({ name: 'strict', url: (await strict.listen()).url, authentication });
    await atA.callTool('strict/who');
    expect(seen).toEqual([`Bearer ${canary}`]);
    expect(server).toMatchObject({ authentication: 'bearer' });
    expect(JSON.stringify(await atA.servers.list())).not.toContain(canary);
  });

  test('that dies fails its calls, and no others', async () => {
    const mortal = createTestServer({ tools: { die: { handler: () => 'alive' } } });
    await using entry = await registered({ name: 'mortal', url: (await mortal.listen()).url });
    const call = { server: entry.name, tool: 'die' };
    expect((await atA.callTool(call)).text()).toBe('alive');
    await mortal.close();
    const outcome = await atA.callTool(call).catch((error: unknown) => error);
    expect(outcome instanceof Error || (outcome as { isError: boolean }).isError).toBe(true);
    expect((await atA.callTool('My_Server/process_data', { n: 2 })).isError).toBe(false);
    await atA.servers.remove('mortal');
    expect(await failureOf(atA.servers.get('mortal'))).toMatchObject({ code: 'arguments-invalid' });
  });

  test('that is one of more than fifty is listed', async () => {
    const names = Array.from({ length: 55 }, (_, index) => `many-${index}`);
    for (const [index, name] of names.entries()) await atB.servers.register({ name, url: `${listening.url}/${index}` });
    expect((await atB.servers.list()).map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    for (const name of names) await atB.servers.remove(name);
    expect(await atB.servers.list()).toEqual([]);
  });
});

test('a wrong token is an AuthError (401)', async () => {
  const stranger = await connectGateway(a.url, { auth: { type: 'bearer', token: 'wrong' } });
  expect(stranger.dialect).toBe('context-forge');
  const failure = await failureOf(stranger.servers.list());
  expect(failure).toBeInstanceOf(AuthError);
  expect(failure).toMatchObject({ status: 401 });
});

test('it is well, and unreachable while it is down; afterwards it is used as before', async () => {
  expect(await atA.health()).toMatchObject({ status: 'healthy' });
  await a.kill();
  expect(await atA.health()).toMatchObject({ status: 'unreachable' });
  await a.start();
  const result = await atA.callTool('My_Server/process_data', { n: 3 }, { idempotent: true });
  expect(JSON.parse(result.text())).toEqual({ processed: 3 });
});

test('of two gateways that share a server one may die in the middle: no answer is lost that may be repeated, and none repeated that may not', async () => {
  await atB.servers.register({ name: 'My_Server', url: listening.url });
  await using federation = federate([
    { gateway: atA, name: 'a', priority: 1 },
    { gateway: atB, name: 'b' },
  ]);
  expect(await federation.listServers()).toMatchObject([
    { name: 'My_Server', routes: [{ gateway: 'a' }, { gateway: 'b' }] },
  ]);
  const outcomes: { n: number; isHarmless: boolean; error: unknown }[] = [];
  const call = async (n: number): Promise<void> => {
    const isHarmless = n % 2 === 0;
    const called = federation.callTool('My_Server/process_data', { n }, { idempotent: isHarmless });
    outcomes.push({ n, isHarmless, error: await failureOf(called) });
  };
  const first = 1000;
  for (let n = first; n < first + 60; n += 6) {
    const batch = Array.from({ length: 6 }, (_, index) => call(n + index));
    if (n === first + 18) {
      await expect
        .poll(() => upstream.toolCalls('process_data').some((args) => Number(args['n']) >= n), { interval: 5 })
        .toBe(true);
      await a.kill(); // With calls under way.
    }
    await Promise.all(batch);
  }
  expect(outcomes.filter(({ isHarmless, error }) => isHarmless && error !== undefined)).toEqual([]);
  const calls = upstream.toolCalls('process_data').map((args) => args['n']);
  for (const { n, isHarmless, error } of outcomes) {
    const times = calls.filter((made) => made === n).length;
    if (!isHarmless) expect(times, `call ${n}`).toBeLessThanOrEqual(1);
    if (error === undefined) expect(times, `call ${n}`).toBeGreaterThanOrEqual(1);
    else expect(error).toMatchObject({ delivered: 'unknown' });
  }
  expect(outcomes.filter(({ n }) => n >= first + 24).filter(({ error }) => error !== undefined)).toEqual([]);
  await a.start();
});
