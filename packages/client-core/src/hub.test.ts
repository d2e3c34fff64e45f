import { afterEach, describe, expect, test, vi } from 'vitest';
import { closeHubs, counted, dead, hubOf, namesOf, textOf, toolsServer } from '../test-support/many-servers.ts';
import { scriptedServer, silence } from '../test-support/scripted-server.ts';
import { parseConfig } from './config.ts';
import type { HubServer, HubStatus } from './hub-options.ts';
import { McpHub } from './hub.ts';
import type { Report } from './protocol/report.ts';

afterEach(closeHubs);

describe('servers', () => {
  test('come from a configuration as it is, and connect on first use', async () => {
    const config = parseConfig(
      '{ "mcpServers": { "one": { "url": "http://127.0.0.1:9/mcp" }, "__proto__": { "command": "x" } } }',
      {
        file: 'mcp.json',
      },
    );
    expect(hubOf(config).servers).toEqual(['one', '__proto__']);
    const [used, unused] = [toolsServer('used', ['a']), toolsServer('unused', ['a'])];
    const hub = hubOf({ used, unused });
    expect(await textOf(hub.callTool('used/a'))).toBe('used: a {}');
    expect([used.connections.length, unused.connections.length]).toEqual([1, 0]);
  });

  test('are added and removed while the hub lives', async () => {
    const hub = hubOf({ one: toolsServer('one', ['a']) });
    const two = toolsServer('two', ['b']);
    hub.add('two', two.open);
    expect(namesOf(await hub.listTools())).toEqual(['one/a', 'two/b']);
    expect(() => hub.add('two', two.open)).toThrow(/has a server "two" already/);
    const client = hub.client('two');
    expect([await hub.remove('two'), await hub.remove('two')]).toEqual([true, false]);
    expect(namesOf(await hub.listTools())).toEqual(['one/a']);
    await expect(client.ping()).rejects.toMatchObject({ code: 'connection-closed' });
    expect(() => hub.client('two')).toThrow(/no server "two"/);
  });

  test.each([
    ['', () => null],
    ['nothing', null],
    ['a number', 7],
    ['a list', []],
  ])('that are none are refused by name: %s', (name, server) => {
    expect(() => new McpHub({ [name]: server as unknown as HubServer })).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
  });

  test('that are closed are used no more', async () => {
    const hub = hubOf({ one: toolsServer('one', ['a']) });
    await hub.listTools();
    await hub.close();
    await hub.close();
    const closed = { code: 'connection-closed', message: 'The hub is closed' };
    await expect(hub.listTools()).rejects.toMatchObject(closed);
    await expect(hub.callTool('one/a')).rejects.toMatchObject(closed);
    await expect(hub.connect()).rejects.toMatchObject(closed);
    expect(() => hub.add('two', dead)).toThrow(/closed/);
  });
});

describe('connect()', () => {
  test('connects all side by side, and tells which did not', async () => {
    const errors: [string, unknown][] = [];
    const hub = hubOf(
      { one: toolsServer('one', []), dead, silent: scriptedServer({ answers: { initialize: silence } }) },
      { connectTimeoutMs: 50, onServerError: (...failure) => errors.push(failure) },
    );
    const { ready, failed } = await hub.connect({ onError: 'skip' });
    expect(ready).toEqual(['one']);
    expect(failed).toMatchObject([
      { server: 'dead', error: { code: 'connection-failed' } },
      { server: 'silent', error: { code: 'connect-timeout' } },
    ]);
    expect(errors.map(([server]) => server)).toEqual(['dead', 'silent']);
    expect(hub.failures).toMatchObject([
      { server: 'dead', method: 'initialize', error: { code: 'connection-failed' } },
      { server: 'silent', method: 'initialize', error: { code: 'connect-timeout' } },
    ]);
  });

  test('throws one error for all once each has tried, and leaves the others connected', async () => {
    const one = toolsServer('one', ['a']);
    const hub = hubOf({ dead, one });
    await expect(hub.connect()).rejects.toMatchObject({
      code: 'connection-failed',
      message: '1 of 2 servers did not connect. dead: Nothing listens',
    });
    expect(await textOf(hub.callTool('one/a'))).toBe('one: a {}');
    expect(one.connections).toHaveLength(1);
  });

  test('gives each server its time, and lets a late one go on', async () => {
    let answer = (): void => {};
    const late = toolsServer('late', ['a'], {
      answers: {
        initialize: ({ protocolVersion }) =>
          new Promise((resolve) => {
            answer = () => resolve({ protocolVersion, capabilities: {}, serverInfo: { name: 'late', version: '1' } });
          }),
      },
    });
    const hub = hubOf({ late });
    const { failed } = await hub.connect({ onError: 'skip', timeoutMs: 30 });
    expect(failed).toMatchObject([
      { server: 'late', error: { code: 'connect-timeout', message: expect.stringMatching(/late did not connect/) } },
    ]);
    answer();
    expect(await textOf(hub.callTool('late/a'))).toBe('late: a {}');
    expect(hub.failures).toEqual([]);
    expect(late.connections).toHaveLength(1);
  });

  test('starts no more servers at once than it may', async () => {
    let [opening, most] = [0, 0];
    const servers = Array.from({ length: 12 }, (_, index) => {
      const { open } = toolsServer(`s${index}`, []);
      const slow = async (): Promise<ReturnType<typeof open>> => {
        most = Math.max(most, ++opening);
        await new Promise((resolve) => void setTimeout(resolve, 5));
        opening--;
        return open();
      };
      return [`s${index}`, slow] as const;
    });
    const hub = hubOf(Object.fromEntries(servers), { maxStarting: 4 });
    expect((await hub.connect()).ready).toHaveLength(12);
    expect(most).toBe(4);
    most = 0;
    expect(await hubOf(Object.fromEntries(servers), { maxStarting: 3 }).listTools()).toEqual([]);
    expect(most, 'also when they start for a list').toBe(3);
    expect(() => new McpHub({}, { maxStarting: 0 })).toThrow(/maxStarting is 0/);
  });

  test('ends with its signal', async () => {
    const hub = hubOf({ silent: scriptedServer({ answers: { initialize: silence } }) });
    const controller = new AbortController();
    const connecting = hub.connect({ signal: controller.signal });
    controller.abort('enough');
    await expect(connecting).rejects.toBe('enough');
  });
});

describe('what happens', () => {
  test('status() tells of every server, the present states first', async () => {
    const hub = hubOf({ one: toolsServer('one', ['a']), two: toolsServer('two', ['a']) });
    const early: HubStatus[] = [];
    const reading = (async () => {
      for await (const status of hub.status()) early.push(status);
    })();
    await hub.callTool('one/a');
    const late: HubStatus[] = [];
    const readingLate = (async () => {
      for await (const status of hub.status()) late.push(status);
    })();
    await hub.callTool('two/a');
    await hub.close();
    await Promise.all([reading, readingLate]);
    expect(early.filter(({ server }) => server === 'one')).toEqual([
      { server: 'one', type: 'connecting' },
      { server: 'one', type: 'connected' },
      { server: 'one', type: 'closed' },
    ]);
    expect(late.filter(({ server }) => server === 'one').map(({ type }) => type)).toEqual(['connected', 'closed']);
    expect(late.filter(({ server }) => server === 'two').map(({ type }) => type)).toEqual([
      'connecting',
      'connected',
      'closed',
    ]);
  });

  test('changes of tools are told with their server, and known at once', async () => {
    const tools = ['a', 'hidden'];
    const one = toolsServer('one', tools);
    const changes: [string, string[]][] = [];
    const own: string[][] = [];
    const hub = hubOf(
      { one: { target: one.open, deny: ['hidden'], onToolsChanged: (list) => void own.push(namesOf(list)) } },
      { onToolsChanged: (server, list) => void changes.push([server, namesOf(list)]) },
    );
    await hub.connect();
    await vi.waitFor(() => expect(counted(one, 'tools/list')).toBe(1));
    tools.push('b');
    await one.connections[0]?.peer.notify('notifications/tools/list_changed');
    await vi.waitFor(() => expect(changes).toEqual([['one', ['one/a', 'one/b']]]));
    expect(own).toEqual([['a', 'b']]);
    await hub.callTool('one/b');
    expect(counted(one, 'tools/list')).toBe(2);
  });

  test('a callback that throws breaks nothing, and is reported', async () => {
    const reports: Report[] = [];
    const hub = hubOf(
      { dead, one: toolsServer('one', ['a']) },
      {
        onServerError: () => {
          throw new Error('mine');
        },
        onReport: (_, report) => reports.push(report),
      },
    );
    expect(namesOf(await hub.listTools())).toEqual(['one/a']);
    expect(reports).toMatchObject([{ kind: 'callback-error' }]);
  });

  test('nothing is told of servers that are closed', async () => {
    const errors: string[] = [];
    const silent = scriptedServer({ answers: { 'tools/list': silence } });
    const hub = hubOf({ silent, one: toolsServer('one', ['a']) }, { onServerError: (server) => errors.push(server) });
    const listing = hub.listTools();
    await vi.waitFor(() => expect(counted(silent, 'tools/list')).toBe(1));
    await hub.close();
    await listing;
    expect(errors).toEqual([]);
  });
});
