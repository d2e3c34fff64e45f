import { afterEach, describe, expect, test, vi } from 'vitest';
import { closeHubs, counted, dead, hubOf, namesOf, toolsServer } from '../test-support/many-servers.ts';
import { refusal, scriptedServer, silence, type Answer, type ScriptedServer } from '../test-support/scripted-server.ts';
import type { McpHub } from './hub.ts';

afterEach(async () => {
  vi.useRealTimers();
  await closeHubs();
});

describe('listTools()', () => {
  const two = (): Record<string, ScriptedServer> => ({
    github: toolsServer('github', ['list_issues', 'delete_repo']),
    jira: toolsServer('jira', ['list_issues']),
  });

  test('names each tool after its server, and keeps its own name', async () => {
    const [first] = await hubOf(two()).listTools();
    expect(first).toEqual({
      name: 'github/list_issues',
      server: 'github',
      tool: 'list_issues',
      inputSchema: { type: 'object' },
    });
  });

  test.each([
    [{ servers: ['jira'] }, ['jira/list_issues']],
    [{ include: ['github/*'] }, ['github/list_issues', 'github/delete_repo']],
    [{ include: ['*/list_*'], exclude: ['jira/*'] }, ['github/list_issues']],
    [{ exclude: ['*/delete_*'] }, ['github/list_issues', 'jira/list_issues']],
    [{ include: [] }, []],
    [{ servers: [] }, []],
  ])('of %j', async (options, expected) => {
    expect(namesOf(await hubOf(two()).listTools(options))).toEqual(expected);
  });

  test('of a server that is not there says which is nearest', async () => {
    await expect(hubOf(two()).listTools({ servers: ['gihub'] })).rejects.toMatchObject({
      code: 'arguments-invalid',
      message: 'This hub has no server "gihub". Nearest: "github"',
    });
  });

  test('leaves out servers that fail, and tells why', async () => {
    const errors: string[] = [];
    const hub = hubOf(
      {
        ...two(),
        dead,
        broken: scriptedServer({ answers: { 'tools/list': () => ({ tools: 'none' }) } }),
        refusing: scriptedServer({ answers: { 'tools/list': refusal(-32603) } }),
      },
      { attempts: 1, onServerError: (server) => errors.push(server) },
    );
    expect(namesOf(await hub.listTools())).toEqual(['github/list_issues', 'github/delete_repo', 'jira/list_issues']);
    expect(errors.toSorted()).toEqual(['broken', 'dead', 'refusing']);
    expect(hub.failures).toMatchObject([
      { server: 'dead', method: 'tools/list', error: { code: 'connection-failed' } },
      { server: 'broken', method: 'tools/list', error: { code: 'invalid-response' } },
      { server: 'refusing', method: 'tools/list', error: { code: 'protocol-error' } },
    ]);
  });

  test('waits for a server no longer than its deadline, and hardly at all the next time', async () => {
    vi.useFakeTimers();
    const asked: AbortSignal[] = [];
    const keepSilent: Answer = (_, { signal }) => new Promise(() => void asked.push(signal));
    const hub = hubOf({ ...two(), silent: scriptedServer({ answers: { 'tools/list': keepSilent } }) });
    const first = hub.listTools();
    await vi.advanceTimersByTimeAsync(9999);
    expect(hub.failures).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await first).toHaveLength(3);
    expect(
      asked.map(({ aborted }) => aborted),
      'the request is taken back',
    ).toEqual([true]);
    expect(hub.failures).toMatchObject([
      {
        server: 'silent',
        error: { code: 'timeout', message: expect.stringMatching(/silent did not answer tools\/list within 10000 ms/) },
      },
    ]);
    const second = hub.listTools();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await second).toHaveLength(3);
  });

  test('gives the last known tools of a server that does not answer any more', async () => {
    let isAlive = true;
    const jira = toolsServer('jira', [], {
      answers: {
        'tools/list': () =>
          isAlive ? { tools: [{ name: 'a', inputSchema: { type: 'object' } }] } : silence({}, {} as never),
      },
    });
    const hub = hubOf({ jira }, { listTimeoutMs: 50 });
    expect(namesOf(await hub.listTools())).toEqual(['jira/a']);
    isAlive = false;
    expect(namesOf(await hub.listTools())).toEqual(['jira/a']);
    expect(hub.failures).toMatchObject([{ server: 'jira', method: 'tools/list' }]);
    isAlive = true;
    await vi.waitFor(async () => {
      await hub.listTools();
      expect(hub.failures).toEqual([]);
    });
  });

  test('rejects when no server answers at all', async () => {
    await expect(hubOf({ dead }).listTools()).rejects.toMatchObject({
      code: 'connection-failed',
      message: 'Nothing listens',
    });
    await expect(hubOf({ dead, gone: dead }).listTools()).rejects.toMatchObject({
      code: 'connection-failed',
      message: '2 of 2 servers did not list their tools. dead: Nothing listens; gone: Nothing listens',
    });
    expect(await hubOf({}).listTools()).toEqual([]);
  });

  test('rejects with the reason of its signal', async () => {
    const hub = hubOf({ ...two(), silent: scriptedServer({ answers: { 'tools/list': silence } }) });
    const controller = new AbortController();
    const listing = hub.listTools({ signal: controller.signal });
    controller.abort('enough');
    await expect(listing).rejects.toBe('enough');
  });

  test('takes a server without tools for one with none', async () => {
    const hub = hubOf({ ...two(), bare: scriptedServer({ answers: { 'tools/list': refusal(-32601) } }) });
    expect(await hub.listTools()).toHaveLength(3);
    expect(hub.failures).toEqual([]);
  });
});

describe('findTools()', () => {
  test('searches what is known, and asks only servers that were never listed', async () => {
    const github = toolsServer('github', ['list_issues', 'create_issue']);
    const hub = hubOf({ github, mail: toolsServer('mail', ['send']), dead });
    expect(namesOf(await hub.findTools('issues'))).toEqual(['github/list_issues', 'github/create_issue']);
    expect(namesOf(await hub.findTools('send mail', { limit: 1 }))).toEqual(['mail/send']);
    expect(namesOf(await hub.findTools('issue', { exclude: ['*/create_*'] }))).toEqual(['github/list_issues']);
    expect(counted(github, 'tools/list')).toBe(1);
    await hub.findTools('issue', { fresh: true });
    expect(counted(github, 'tools/list')).toBe(2);
  });
});

describe('resources and prompts', () => {
  const withResources = (uris: string[], templates: string[] = []): ScriptedServer =>
    scriptedServer({
      answers: {
        'resources/list': () => ({ resources: uris.map((uri) => ({ uri, name: uri })) }),
        'resources/templates/list': () => ({
          resourceTemplates: templates.map((uriTemplate) => ({ uriTemplate, name: uriTemplate })),
        }),
        'resources/read': ({ uri }) => ({ contents: [{ uri, text: `of ${uris.join()}` }] }),
        'prompts/list': () => ({ prompts: [{ name: 'greet' }, { name: 'part' }] }),
        'prompts/get': ({ name, arguments: args }) => ({
          messages: [{ role: 'user', content: { type: 'text', text: `${String(name)} ${JSON.stringify(args)}` } }],
        }),
      },
    });

  test('are merged, each with its server', async () => {
    const hub = hubOf({ one: withResources(['a://1'], ['a://{id}']), two: withResources(['b://1']) });
    expect(await hub.listResources()).toEqual([
      { uri: 'a://1', name: 'a://1', server: 'one' },
      { uri: 'b://1', name: 'b://1', server: 'two' },
    ]);
    expect(await hub.listResourceTemplates()).toEqual([{ uriTemplate: 'a://{id}', name: 'a://{id}', server: 'one' }]);
    expect(await hub.listPrompts({ servers: ['two'] })).toEqual([
      { name: 'two/greet', server: 'two', prompt: 'greet' },
      { name: 'two/part', server: 'two', prompt: 'part' },
    ]);
  });

  test('are read from the server that lists them, or has a template for them', async () => {
    const hub = hubOf({ one: withResources(['a://1'], ['a://{id}', 'c://{id}']), two: withResources(['a://2']) });
    const read = async (uri: Parameters<McpHub['readResource']>[0]): Promise<unknown> =>
      (await hub.readResource(uri)).contents;
    expect(await read('a://1')).toEqual([{ uri: 'a://1', text: 'of a://1' }]);
    expect(await read('a://2'), 'a listed one before a template').toEqual([{ uri: 'a://2', text: 'of a://2' }]);
    expect(await read('a://3')).toEqual([{ uri: 'a://3', text: 'of a://1' }]);
    expect(await read({ server: 'two', uri: 'hidden://1' })).toEqual([{ uri: 'hidden://1', text: 'of a://2' }]);
    const liar = hubOf({ liar: withResources([], ['{+any}']), one: withResources([], ['c://{id}']) });
    expect((await liar.readResource('c://3')).contents, 'the template that says more').toEqual([
      { uri: 'c://3', text: 'of ' },
    ]);
    expect(liar.client('one').counters.calls - liar.client('liar').counters.calls).toBe(1);
    await expect(read('b://1')).rejects.toMatchObject({
      code: 'arguments-invalid',
      message: expect.stringMatching(/pass { server, uri }/),
    });
  });

  test('that two servers have are read from neither without a word', async () => {
    const hub = hubOf({ one: withResources(['a://1']), two: withResources(['a://1']) });
    await expect(hub.readResource('a://1')).rejects.toThrow('"a://1" may be "a://1" of one or "a://1" of two');
  });

  test('of the only server need not be listed', async () => {
    const one = withResources([]);
    await hubOf({ one }).readResource('hidden://1');
    expect(counted(one, 'resources/list')).toBe(0);
  });

  test('are not asked of servers that have none', async () => {
    const toolsOnly = toolsServer('tools', ['a'], {
      answers: {
        initialize: ({ protocolVersion }) => ({
          protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'tools', version: '1' },
        }),
        'prompts/list': silence,
      },
    });
    const hub = hubOf({ toolsOnly, one: withResources(['a://1']) });
    await hub.connect();
    expect(await hub.listPrompts()).toHaveLength(2);
    expect(await hub.listResources()).toHaveLength(1);
    expect(toolsOnly.methods()).not.toContain('prompts/list');
  });

  test('prompts are got by server/prompt', async () => {
    const hub = hubOf({ one: withResources([]), two: withResources([]) });
    const { messages } = await hub.getPrompt('two/greet', { name: 'Ada' });
    expect(messages[0]?.content).toEqual({ type: 'text', text: 'greet {"name":"Ada"}' });
    await hub.getPrompt({ server: 'one', prompt: 'part' });
    await expect(hub.getPrompt('two/gret')).rejects.toThrow('Nearest: "two/greet"');
  });
});
