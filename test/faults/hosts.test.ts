import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { eventually } from '../e2e/eventually.ts';
import { startHttpServer, stdioServer } from '../servers/launch.ts';
import { startRawHttpServer } from '../servers/raw-http-server.ts';
import { faultServer, legacyClient, pidFrom, rejectionOf } from './fault-server.ts';
import { startHost, type Host } from './host.ts';

/** Ends with the milliseconds from the word `closed` to the end of the host; says all that it printed when it fails. */
async function millisecondsToEnd(host: Host): Promise<number> {
  await eventually(() => expect(host.output()).toContain('closed'));
  const closedAt = Date.now();
  expect({ end: await host.ended, output: host.output() }).toMatchObject({ end: 0, output: 'closed\n' });
  return Date.now() - closedAt;
}

describe.concurrent('a host', () => {
  test.each([
    { server: 'v1-server', wire: 'stdio' },
    { server: 'v2-server', wire: 'stdio' },
    { server: 'v1-server', wire: 'HTTP' },
    { server: 'v2-server', wire: 'HTTP' },
  ] as const)('across all: can exit within 1 s of close() ($server over $wire)', async ({ server, wire }) => {
    await using http = wire === 'HTTP' ? await startHttpServer(server) : undefined;
    const host = startHost(
      `const client = new McpClient(target);
       await client.subscribe({ tools: true });
       await client.callTool('echo', { text: 'a' });
       const cut = client.callTool('slow', { label: 'b', steps: 1, stepMs: 30_000 }).catch(() => {});
       await client.listTools();
       await client.close();
       await cut;
       console.log('closed');`,
      http?.url ?? stdioServer(server),
    );
    expect(await millisecondsToEnd(host)).toBeLessThan(1000);
  });

  test('across all: can exit within 1 s of close() although a server says nothing', async () => {
    const server = createServer((socket) => void socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const host = startHost(
      `const client = new McpClient(target);
       const connecting = client.connect().catch(({ code }) => code);
       await new Promise((resolve) => setTimeout(resolve, 300));
       await client.close();
       if (await connecting === 'connection-closed') console.log('closed');`,
      `http://127.0.0.1:${port}/mcp`,
    );
    expect(await millisecondsToEnd(host)).toBeLessThan(1000);
    server.close();
  });

  test('across all: sees no unhandled rejection, whatever fails and nobody waits for', async () => {
    await using server = await startRawHttpServer({
      'tools/call': ({ request }) => void request.socket.resetAndDestroy(),
      GET: ({ request }) => void request.socket.resetAndDestroy(),
      DELETE: ({ request }) => void request.socket.resetAndDestroy(),
    });
    const host = startHost(
      `const { stdio, http } = target;
       const options = { protocolVersion: '2025-11-25', timeoutMs: 300, closeGraceMs: 100 };
       const codes = new Set();
       const fails = (promise) => promise.then(() => codes.add('none'), ({ code, name }) => codes.add(code ?? name));
       const clients = [new McpClient(stdio, options), new McpClient(http, options)];
       for (const client of clients) {
         await client.connect();
         const status = client.status();
         const tools = ['wait', 'close_stdout', 'wait'];
         await Promise.all(tools.map((tool) => fails(client.callTool(tool, {}, { attempts: 1 }))));
         const waiting = fails(client.callTool('wait', {}, { signal: AbortSignal.timeout(20) }));
         await client.close();
         await waiting;
         await fails(client.callTool('wait'));
       }
       const gone = new McpClient({ command: 'no-such-command-anywhere' });
       await Promise.all([fails(gone.connect()), fails(gone.listTools()), fails(gone.callTool('any'))]);
       const dies = new McpClient({ ...stdio, args: [...stdio.args, 'dies'] }, options);
       await Promise.all([fails(dies.connect()), fails(dies.listTools()), fails(dies.callTool('any'))]);
       await Promise.all([gone.close(), dies.close()]);
       await new Promise((resolve) => setTimeout(resolve, 200));
       if (codes.has('none')) console.log('something did not fail');
       console.log('closed');`,
      { stdio: faultServer(), http: server.url },
    );
    await millisecondsToEnd(host);
  });

  test('across all: one dead server never affects another', async () => {
    await using http = await startHttpServer('v1-server');
    const doomed = await startHttpServer('v1-server', ['--json']); // An answer stream would be resumed.
    const child = legacyClient(faultServer());
    const remote = legacyClient(doomed.url);
    const never = legacyClient(faultServer('dies'));
    const living = [legacyClient(faultServer()), legacyClient(http.url)];
    const pid = await pidFrom(child, 'pid');
    await remote.connect();
    const slow = { label: 'a', steps: 1, stepMs: 30_000 };
    const lost = [child.callTool('wait'), remote.callTool('slow', slow), never.connect()].map(rejectionOf);
    await Promise.all(living.map((client) => client.connect()));
    const texts = Array.from({ length: 50 }, (_, index) => String(index));
    const answers = living.map((client) => Promise.all(texts.map((text) => client.callTool('echo', { text }))));
    process.kill(pid, 'SIGKILL');
    await doomed.close();
    for (const results of await Promise.all(answers)) expect(results.map((result) => result.text())).toEqual(texts);
    expect(await Promise.all(lost)).toMatchObject([
      { code: 'server-exited' },
      { code: 'delivery-unknown' },
      { code: 'server-exited' },
    ]);
    for (const client of living) expect((await client.callTool('echo', { text: 'fine' })).text()).toBe('fine');
    await Promise.all([child, remote, never, ...living].map((client) => client.close()));
  });
});
