import { McpClient, type ClientOptions } from '@toolwire/client-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startHttpServer } from '../servers/launch.ts';
import { eventually } from './eventually.ts';
import { listeningProxy } from './proxy-under-test.ts';

describe.each(['2025-11-25', '2026-07-28'] as const)('a host of %s', (protocolVersion) => {
  const both = ['v1-server', 'v2-server'] as const;
  const connectTo = async (serverName: (typeof both)[number], options: ClientOptions): Promise<McpClient> => {
    const server = await startHttpServer(serverName);
    onTestFinished(() => server.close());
    const proxy = await listeningProxy(['--listen', 'http://127.0.0.1:0', server.url]);
    onTestFinished(() => proxy.close());
    const client = new McpClient(`${proxy.origin}/mcp`, { headers: proxy.headers, protocolVersion, ...options });
    onTestFinished(() => client.close());
    return client;
  };

  test.each(both)('is asked for a form, a page, an answer of its model and its folders by %s', async (name) => {
    const client = await connectTo(name, {
      handlers: {
        elicitation: ({ message, mode }) =>
          mode === 'url' ? { action: 'decline' } : { action: 'accept', content: { value: `re ${message}` } },
        sampling: ({ messages }) =>
          Promise.resolve({
            role: 'assistant',
            model: 'm',
            content: { type: 'text', text: JSON.stringify(messages[0]?.content) },
          }),
        roots: [{ uri: 'file:///projects' }],
      },
    });
    expect((await client.callTool('visit')).json()).toMatchObject({ action: 'decline' });
    expect((await client.callTool('two_questions')).text()).toBe('re First? then re After re First??');
    expect((await client.callTool('sample', { prompt: 'sky' })).json()).toMatchObject({
      content: { text: '{"type":"text","text":"sky"}' },
    });
    expect((await client.callTool('roots')).json()).toEqual({ roots: [{ uri: 'file:///projects' }] });
  });

  test.each(both)('is asked about several calls at a time by %s, and each gets its answer', async (name) => {
    const client = await connectTo(name, {
      handlers: {
        sampling: ({ messages: [message] }) =>
          Promise.resolve({
            role: 'assistant',
            model: 'm',
            content: message?.content as { type: 'text'; text: string },
          }),
      },
    });
    const prompts = Array.from({ length: 8 }, (_, index) => `prompt ${index}`);
    const sampled = await Promise.all(prompts.map((prompt) => client.callTool('sample', { prompt })));
    expect(sampled.map((result) => (result.json() as { content: { text: string } }).content.text)).toEqual(prompts);
  });

  test.each(both)('hears of changes of %s', async (name) => {
    const client = await connectTo(name, {});
    const uri = 'config://settings';
    await using changes = await client.subscribe({ tools: true, prompts: true, resourceList: true, resources: [uri] });
    const heard: unknown[] = [];
    void (async () => {
      for await (const change of changes) heard.push(change);
    })();
    for (const list of ['tools', 'prompts', 'resources']) await client.callTool('grow', { list });
    await client.callTool('touch', { uri });
    await eventually(() =>
      expect(heard).toEqual(
        expect.arrayContaining([
          { type: 'tools' },
          { type: 'prompts' },
          { type: 'resourceList' },
          { type: 'resource', uri },
        ]),
      ),
    );
    const tools = await client.listTools({ fresh: true });
    expect(tools.map((tool) => tool.name)).toContain('grown_1');
  });

  test.each(both)('hears the log messages of %s from the level on that it sets', async (name) => {
    const messages: unknown[] = [];
    const client = await connectTo(name, { onLog: ({ data }) => messages.push(data) });
    await client.setLogLevel('warning');
    await client.callTool('log');
    await eventually(() => expect(messages).toEqual(['a warning message', 'a error message']));
  });

  test('is the host that the server sees, with its abilities', async () => {
    const clientInfo = { name: 'a host', version: '3', title: 'A Host' };
    const client = await connectTo('v1-server', {
      clientInfo,
      capabilities: { sampling: {}, roots: { listChanged: true } },
    });
    expect((await client.callTool('seen')).json()).toMatchObject({
      client: { clientInfo, capabilities: { sampling: {}, roots: { listChanged: true } } },
    });
  });

  test.each(both)('gets prompts, resources, completions and errors of %s as they are', async (name) => {
    const client = await connectTo(name, {});
    const [prompt] = await client.listPrompts();
    const [resource] = await client.listResources();
    expect(prompt).toBeDefined();
    expect((await client.readResource(resource?.uri ?? '')).contents).not.toEqual([]);
    expect(await client.listResourceTemplates()).not.toEqual([]);
    await expect(client.readResource('missing://x')).rejects.toMatchObject({ code: 'protocol-error' });
    await expect(client.request('no/such/method')).rejects.toMatchObject({ rpcCode: -32_601 });
    expect((await client.callTool('fail')).isError).toBe(true);
  });

  test('is asked again after a session of the server died, and keeps what it subscribed to', async () => {
    const server = await startHttpServer('v1-server');
    onTestFinished(() => server.close());
    await using proxy = await listeningProxy(['--listen', 'http://127.0.0.1:0', server.url]);
    await using client = new McpClient(`${proxy.origin}/mcp`, { headers: proxy.headers, protocolVersion });
    const uri = 'config://settings';
    await using changes = await client.subscribe(uri);
    await server.control('_forget');
    expect((await client.callTool('echo', { text: 'again' })).text()).toBe('again');
    await client.callTool('touch', { uri });
    for await (const change of changes) {
      expect(change).toEqual({ type: 'resource', uri });
      break;
    }
  });
});
