import { connectGateway } from '@toolwire/gateway-client';
import { createTestServer } from '@toolwire/testing';
import { expect, test } from 'vitest';
import { startMicrosoftGateway } from '../servers/microsoft-gateway.ts';

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test('adapters are listed, called and removed', async () => {
  await using upstream = createTestServer({ tools: { greet: { handler: () => 'Hello' } } });
  await using server = await startMicrosoftGateway('example', upstream);
  await using gateway = await connectGateway(server.url);
  expect(gateway.dialect).toBe('microsoft');
  expect(await gateway.servers.list()).toMatchObject([{ name: 'example', description: 'An example', enabled: true }]);
  expect((await gateway.callTool('example/greet')).text()).toBe('Hello');
  expect(await gateway.health()).toMatchObject({ status: 'healthy' });
  expect(await gateway.serverHealth('example')).toMatchObject({ status: 'healthy', message: 'Healthy' });
  await gateway.servers.remove('example');
  expect(await gateway.servers.list()).toEqual([]);
  expect(await failureOf(gateway.servers.get('example'))).toMatchObject({ code: 'arguments-invalid' });
});

test('a session that the gateway has lost is opened anew', async () => {
  let greeted = 0;
  await using upstream = createTestServer({ era: 'legacy', tools: { greet: { handler: () => `Hello ${++greeted}` } } });
  await using server = await startMicrosoftGateway('example', upstream);
  await using gateway = await connectGateway(server.url);
  await gateway.callTool('example/greet');
  await upstream.forgetSessions();
  expect((await gateway.callTool('example/greet')).text()).toBe('Hello 2');
});

test('a server with a URL cannot be registered, and nothing is sent', async () => {
  await using upstream = createTestServer();
  await using server = await startMicrosoftGateway('example', upstream);
  await using gateway = await connectGateway(server.url, { dialect: 'microsoft' });
  const failure = await failureOf(gateway.servers.register({ name: 'x', url: 'http://127.0.0.1:9/mcp' }));
  expect(failure).toMatchObject({ code: 'unsupported-capability', delivered: 'no' });
  expect(server.received).toEqual([]);
});
