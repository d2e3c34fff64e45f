import { afterEach, describe, expect, test, vi } from 'vitest';
import { closeHubs, counted, dead, hubOf, namesOf, textOf, toolsServer } from '../test-support/many-servers.ts';
import { scriptedServer, silence } from '../test-support/scripted-server.ts';
import type { ToolCaller } from './client.ts';

afterEach(async () => {
  vi.useRealTimers();
  await closeHubs();
});

describe('callTool()', () => {
  test('passes arguments and options on, as any ToolCaller', async () => {
    const one = toolsServer('one', ['a']);
    const caller: ToolCaller = hubOf({ one });
    expect((await caller.callTool('one/a', { x: 1 }, { meta: { tenant: 7 } })).text()).toBe('one: a {"x":1}');
    expect(one.received.at(-1)?.params['_meta']).toMatchObject({ tenant: 7 });
  });

  test('finds names with slashes by what the servers list', async () => {
    const hub = hubOf({ a: toolsServer('a', ['b/c', 'd']), 'a/b': toolsServer('a/b', ['d', 'e/f']) });
    expect(await textOf(hub.callTool('a/b/c'))).toBe('a: b/c {}');
    expect(await textOf(hub.callTool('a/b/d'))).toBe('a/b: d {}');
    expect(await textOf(hub.callTool('a/b/e/f'))).toBe('a/b: e/f {}');
    expect(await textOf(hub.callTool('a/d'))).toBe('a: d {}');
  });

  test('does not choose where a name means two tools', async () => {
    const servers = { a: toolsServer('a', ['b/c']), 'a/b': toolsServer('a/b', ['c']) };
    const hub = hubOf(servers);
    await expect(hub.callTool('a/b/c')).rejects.toMatchObject({
      code: 'arguments-invalid',
      delivered: 'no',
      message: '"a/b/c" may be "b/c" of a or "c" of a/b; pass { server, tool } to say which',
    });
    expect(counted(servers.a, 'tools/call') + counted(servers['a/b'], 'tools/call')).toBe(0);
    expect(await textOf(hub.callTool({ server: 'a/b', tool: 'c' }))).toBe('a/b: c {}');
    expect(await textOf(hub.callTool({ server: 'a', tool: 'b/c' }))).toBe('a: b/c {}');
  });

  test('is decided by the living, where one of the servers is dead', async () => {
    const hub = hubOf({ a: dead, 'a/b': toolsServer('a/b', ['c']) });
    expect(await textOf(hub.callTool('a/b/c'))).toBe('a/b: c {}');
    await expect(hub.callTool('a/b/x')).rejects.toThrow('"a/b/x" may be on a, which did not list its tools');
  });

  test.each([
    ['github/list_isues', 'There is no tool "github/list_isues" on github. Nearest: "github/list_issues"'],
    [{ server: 'github', tool: 'merge' }, 'There is no tool "github/merge" on github. There are: "github/list_issues"'],
    [
      'gihub/list_issues',
      '"gihub/list_issues" does not begin with a server of this hub; write server/tool. Nearest: "github"',
    ],
    [{ server: 'gihub', tool: 'x' }, 'This hub has no server "gihub". Nearest: "github"'],
    [
      'list_issues',
      '"list_issues" does not begin with a server of this hub; write server/tool. Nearest: "github/list_issues"',
    ],
    ['github', '"github" does not begin with a server of this hub; write server/tool. Nearest: "github"'],
    ['', '"" does not begin with a server of this hub; write server/tool. There are: "github"'],
  ])('of %j calls nothing, and tells the nearest', async (name, message) => {
    const github = toolsServer('github', ['list_issues']);
    const hub = hubOf({ github });
    await hub.listTools();
    await expect(hub.callTool(name)).rejects.toMatchObject({ code: 'arguments-invalid', delivered: 'no', message });
    expect(counted(github, 'tools/call')).toBe(0);
  });

  test('asks for the tools again before it says that there is none', async () => {
    const tools = ['old'];
    const one = toolsServer('one', tools);
    const hub = hubOf({ one });
    await hub.listTools();
    tools.push('new');
    expect(await textOf(hub.callTool('one/new'))).toBe('one: new {}');
    expect(await textOf(hub.callTool('one/new'))).toBe('one: new {}');
    expect(counted(one, 'tools/list')).toBe(2);
  });

  test('calls a server that does not list its tools all the same', async () => {
    const mute = toolsServer('mute', [], { answers: { 'tools/list': silence } });
    const hub = hubOf({ mute }, { listTimeoutMs: 20 });
    expect(await textOf(hub.callTool('mute/a'))).toBe('mute: a {}');
    expect(await textOf(hub.callTool('mute/b'))).toBe('mute: b {}');
    expect(counted(mute, 'tools/list'), 'only the first call waits for the list').toBe(1);
  });

  test('of a dead server fails as its client does', async () => {
    const hub = hubOf({ dead });
    await expect(hub.callTool('dead/a')).rejects.toMatchObject({ code: 'connection-failed', delivered: 'no' });
    await expect(hub.callTool('dead/a')).rejects.toMatchObject({ code: 'connection-failed', delivered: 'no' });
  });

  test('spans the search and the call with one deadline, past which nothing is sent', async () => {
    vi.useFakeTimers();
    const never = toolsServer('never', [], { answers: { 'tools/list': silence } });
    const slow = toolsServer('slow', ['a'], {
      answers: {
        'tools/list': () => new Promise((resolve) => void setTimeout(resolve, 80, { tools: [{ name: 'a' }] })),
        'tools/call': silence,
      },
    });
    const hub = hubOf({ never, slow });
    const failures = Promise.all(
      ['never/a', 'slow/a'].map((name) => hub.callTool(name, {}, { maxTotalMs: 100 }).catch((error: unknown) => error)),
    );
    await vi.advanceTimersByTimeAsync(110);
    expect(await failures).toMatchObject([
      { code: 'timeout', delivered: 'no' },
      { code: 'timeout', delivered: 'unknown' },
    ]);
    expect([counted(never, 'tools/call'), counted(slow, 'tools/call')]).toEqual([0, 1]);
  });

  test('tries a server again that was dead when it was listed', async () => {
    let isAlive = false;
    const one = toolsServer('one', ['a']);
    const hub = hubOf({ one: () => (isAlive ? one.open() : dead()), two: toolsServer('two', ['b']) });
    expect(namesOf(await hub.listTools())).toEqual(['two/b']);
    isAlive = true;
    expect(await textOf(hub.callTool('one/a'))).toBe('one: a {}');
  });

  test('of a server that cannot be asked any more tells why', async () => {
    let isAlive = true;
    const one = toolsServer('one', ['a']);
    const hub = hubOf({ one: () => (isAlive ? one.open() : dead()) });
    await hub.listTools();
    isAlive = false;
    await one.connections[0]?.peer.close();
    await expect(hub.callTool('one/b')).rejects.toMatchObject({
      code: 'connection-failed',
      message: 'Nothing listens',
    });
  });

  test('does not wait for its turn while many servers start', async () => {
    const silent = scriptedServer({ answers: { initialize: silence } });
    const hub = hubOf({ silent, one: toolsServer('one', ['a']) }, { maxStarting: 1 });
    const listing = hub.listTools();
    await vi.waitFor(() => expect(silent.connections).toHaveLength(1));
    const startedAt = Date.now();
    expect(await textOf(hub.callTool('one/a'))).toBe('one: a {}');
    expect(Date.now() - startedAt).toBeLessThan(900);
    await hub.close();
    await listing;
  });

  test('does not wait for another server', async () => {
    const hub = hubOf({ silent: scriptedServer({ answers: { initialize: silence } }), one: toolsServer('one', ['a']) });
    const listing = hub.listTools();
    expect(await textOf(hub.callTool('one/a'))).toBe('one: a {}');
    await hub.close();
    expect(namesOf(await listing)).toEqual(['one/a']);
  });
});
