import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { McpClient, type LoggingMessageNotificationParams, type Progress, type Target } from '@toolwire/client-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { referenceServer, startEverythingServer, temporaryDirectory, type HttpServer } from '../servers/launch.ts';
import { eventually } from './eventually.ts';

describe.concurrent.each(['stdio', 'http'] as const)('server-everything over %s', (wire) => {
  let http: HttpServer | undefined;
  let target: Target;
  let client: McpClient;
  const logged: LoggingMessageNotificationParams[] = [];

  beforeAll(async () => {
    http = wire === 'http' ? await startEverythingServer() : undefined;
    target = http?.url ?? referenceServer('everything', ['stdio']);
    client = new McpClient(target, {
      handlers: {
        sampling: async () => ({ role: 'assistant', model: 'parrot', content: { type: 'text', text: 'a sample' } }),
        elicitation: ({ mode }) => ({ action: 'accept', ...(mode !== 'url' && { content: { name: 'Ada' } }) }),
        roots: [{ uri: 'file:///srv', name: 'srv' }],
      },
      onLog: (message) => logged.push(message),
    });
    await client.connect();
  });
  afterAll(async () => {
    await client.close();
    await http?.close();
  });

  test('introduces itself', () => {
    expect(client.server).toMatchObject({ name: 'mcp-servers/everything', protocolVersion: '2025-11-25' });
    expect(client.server?.instructions).toBeTruthy();
  });

  test('lists and calls tools', async () => {
    const names = (await client.listTools()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['echo', 'get-sum', 'get-tiny-image', 'trigger-sampling-request']));
    expect((await client.callTool('echo', { message: 'hi' })).text()).toBe('Echo: hi');
    expect((await client.callTool('get-sum', { a: 2, b: 3 })).text()).toContain('5');
    expect((await client.callTool('get-sum', { a: 'two' })).isError).toBe(true);
  });

  test('gives structured results, images, links and annotations', async () => {
    const weather = await client.callTool('get-structured-content', { location: 'New York' });
    expect(weather.structured).toMatchObject({ temperature: expect.any(Number) });
    expect((await client.callTool('get-tiny-image')).images()[0]?.mimeType).toBe('image/png');
    const links = await client.callTool('get-resource-links', { count: 2 });
    expect(links.content.filter(({ type }) => type === 'resource_link')).toHaveLength(2);
    const annotated = await client.callTool('get-annotated-message', { messageType: 'error' });
    expect(annotated.content[0]).toHaveProperty('annotations');
  });

  test('reports progress', async () => {
    const steps: Progress[] = [];
    const onProgress = (step: Progress): void => void steps.push(step);
    await client.callTool('trigger-long-running-operation', { duration: 0.2, steps: 2 }, { onProgress });
    expect(steps.map(({ progress }) => progress)).toEqual([1, 2]);
  });

  test('lists, reads and completes resources', async () => {
    const [resource] = await client.listResources();
    expect((await client.readResource(resource?.uri ?? '')).contents).toHaveLength(1);
    const templates = (await client.listResourceTemplates()).map(({ uriTemplate }) => uriTemplate);
    expect(templates.length).toBeGreaterThan(0);
    expect(await client.getResource('demo://resource/dynamic/text/1')).toContain('Resource 1');
    expect(await client.getResource('demo://resource/dynamic/blob/1')).toBeInstanceOf(Uint8Array);
    const reference = { type: 'ref/resource', uri: templates[0] ?? '' } as const;
    expect((await client.complete(reference, { name: 'resourceId', value: '1' })).values).toEqual(['1']);
  });

  test('hears of changes of a resource', async () => {
    await using subscription = await client.subscribe('demo://resource/dynamic/text/1');
    await client.callTool('toggle-subscriber-updates');
    for await (const change of subscription) {
      expect(change).toEqual({ type: 'resource', uri: 'demo://resource/dynamic/text/1' });
      break;
    }
    await client.callTool('toggle-subscriber-updates');
  });

  test('lists, fills in and completes prompts', async () => {
    const names = (await client.listPrompts()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['simple-prompt', 'args-prompt', 'completable-prompt']));
    const { messages } = await client.getPrompt('args-prompt', { city: 'Paris' });
    expect(JSON.stringify(messages)).toContain('Paris');
    const reference = { type: 'ref/prompt', name: 'completable-prompt' } as const;
    expect((await client.complete(reference, { name: 'department', value: 'E' })).values).toEqual(['Engineering']);
  });

  test('logs', async () => {
    await client.setLogLevel('debug');
    await client.callTool('toggle-simulated-logging');
    await eventually(() => expect(logged.length).toBeGreaterThan(0));
    await client.callTool('toggle-simulated-logging');
  });

  test('asks for a sample, a form and roots', async () => {
    const sample = await client.callTool('trigger-sampling-request', { prompt: 'say', maxTokens: 10 });
    expect(sample.text()).toContain('a sample');
    expect((await client.callTool('trigger-elicitation-request')).text()).toContain('Ada');
    expect((await client.callTool('get-roots-list')).text()).toContain('file:///srv');
  });

  test('answers a ping', async () => {
    await expect(client.ping()).resolves.toBeUndefined();
  });
});

test('server-filesystem reads and writes in its directory, and nowhere else', async () => {
  await using directory = await temporaryDirectory({ 'hello.txt': 'hello there' });
  await using client = new McpClient(referenceServer('filesystem', [directory.path]));
  const names = (await client.listTools()).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['read_text_file', 'write_file', 'list_directory']));
  const read = await client.callTool('read_text_file', { path: join(directory.path, 'hello.txt') });
  expect(read.text()).toContain('hello there');
  await client.callTool('write_file', { path: join(directory.path, 'new.txt'), content: 'written' });
  expect(await readFile(join(directory.path, 'new.txt'), 'utf8')).toBe('written');
  const outside = await client.callTool('read_text_file', { path: '/etc/hostname' });
  expect(outside.isError).toBe(true);
  expect(outside.text()).toContain('Access denied');
});

test('server-filesystem takes its directories from the roots of this side', async () => {
  await using directory = await temporaryDirectory();
  await using root = await temporaryDirectory({ 'inside.txt': 'from a root' });
  const handlers = { roots: [{ uri: `file://${root.path}`, name: 'root' }] };
  await using client = new McpClient(referenceServer('filesystem', [directory.path]), { handlers });
  await eventually(async () => {
    const read = await client.callTool('read_text_file', { path: join(root.path, 'inside.txt') });
    expect(read.text()).toContain('from a root');
  });
});

test('server-memory keeps a graph in its file', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'memory.jsonl');
  await using client = new McpClient(referenceServer('memory', [], { MEMORY_FILE_PATH: file }));
  const entities = [{ name: 'Ada', entityType: 'person', observations: ['wrote the first program'] }];
  const created = await client.callTool('create_entities', { entities });
  expect(created.structured).toEqual({ entities });
  const found = await client.callTool('search_nodes', { query: 'first program' });
  expect(found.json()).toMatchObject({ entities: [{ name: 'Ada' }] });
  expect(await readFile(file, 'utf8')).toContain('Ada');
});

test('server-sequential-thinking takes a thought', async () => {
  await using client = new McpClient(referenceServer('sequential-thinking', [], { DISABLE_THOUGHT_LOGGING: 'true' }));
  const args = { thought: 'first', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 };
  const result = await client.callTool('sequentialthinking', args);
  expect(result.json()).toMatchObject({ thoughtNumber: 1, totalThoughts: 1, nextThoughtNeeded: false });
  expect((await client.callTool('sequentialthinking', {})).isError).toBe(true);
});
