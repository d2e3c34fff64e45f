import type { LoggingMessageNotificationParams, McpClient, Progress } from '@toolwire/client-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { seenBy, subjects, type Subject } from './subjects.ts';

const png = [0x89, 0x50, 0x4e, 0x47];

describe.concurrent.each(subjects)('$name', ({ revision, wire, streams, open }) => {
  const isModern = revision >= '2026-07-28';
  let subject: Subject;
  let client: McpClient;

  beforeAll(async () => {
    subject = await open();
    client = subject.client();
  });
  afterAll(async () => {
    await client.close();
    await subject[Symbol.asyncDispose]();
  });

  test('connects on first use and tells who answers, at which revision', async () => {
    await client.ping();
    expect(client.server).toMatchObject({
      name: isModern ? 'v2-server' : 'v1-server',
      version: isModern ? '2.0.0' : '1.0.0',
      protocolVersion: revision,
      instructions: 'Call echo.',
      capabilities: { tools: { listChanged: true } },
    });
  });

  test('lists the tools of every page', async () => {
    const names = (await client.listTools()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['echo', 'spare_01', 'spare_12']));
    expect(new Set(names).size).toBe(names.length);
    expect(names.includes('confirm')).toBe(revision >= '2025-06-18');
    expect(names.includes('bad_header')).toBe(isModern && wire === 'stdio');
  });

  test('calls a tool', async () => {
    const result = await client.callTool('echo', { text: 'naïve ✓' });
    expect(result.text()).toBe('naïve ✓');
    expect(result.isError).toBe(false);
  });

  test('gives a structured result where the revision has them, and its JSON everywhere', async () => {
    const result = await client.callTool('add', { a: 2, b: 3 });
    expect(result.json()).toEqual({ sum: 5 });
    expect(result.structured).toEqual(revision >= '2025-06-18' ? { sum: 5 } : undefined);
  });

  test('keeps many calls apart', async () => {
    const words = Array.from({ length: 50 }, (_, index) => `word ${index}`);
    const results = await Promise.all(words.map((text) => client.callTool('echo', { text })));
    expect(results.map((result) => result.text())).toEqual(words);
  });

  test('carries a result of a megabyte', async () => {
    const result = await client.callTool('big', { size: 2 ** 20 });
    expect(result.text()).toHaveLength(2 ** 20);
  });

  test('decodes images', async () => {
    const [image] = (await client.callTool('picture')).images();
    expect(image?.mimeType).toBe('image/png');
    expect([...(image?.data.subarray(0, 4) ?? [])]).toEqual(png);
  });

  test('tells a failure of a tool from an exception', async () => {
    const result = await client.callTool('fail');
    expect(result.isError).toBe(true);
    expect(result.text()).toBe('the disk is full');
    await expect(client.callTool('no_such_tool')).rejects.toMatchObject({ code: 'protocol-error', delivered: 'yes' });
  });

  test.runIf(streams)('reports every step of a call', async () => {
    const steps: Progress[] = [];
    await client.callTool(
      'slow',
      { label: 'progress', steps: 3, stepMs: 5 },
      { onProgress: (step) => steps.push(step) },
    );
    expect(steps.map(({ progress, total }) => [progress, total])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(steps[0]?.message).toBe(revision >= '2025-03-26' ? 'step 1' : undefined);
  });

  test('rejects a cancelled call with the reason of its signal, and tells the server', async () => {
    const label = 'to be cancelled';
    const controller = new AbortController();
    const reason = new Error('no longer needed');
    const { signal } = controller;
    const call = client.callTool('slow', { label, steps: 1, stepMs: 30_000, quiet: true }, { signal });
    const rejection = call.catch((error: unknown) => error);
    await eventually(async () => expect((await seenBy(client)).started).toContain(label));
    controller.abort(reason);
    expect(await rejection).toBe(reason);
    await eventually(async () => expect((await seenBy(client)).cancelled).toContain(label));
  });

  test('gives up after the timeout, and tells the server', async () => {
    const label = 'too slow';
    const call = client.callTool('slow', { label, steps: 1, stepMs: 30_000, quiet: true }, { timeoutMs: 150 });
    await expect(call).rejects.toMatchObject({ code: 'timeout' });
    await eventually(async () => {
      const { started, cancelled } = await seenBy(client);
      // On a busy machine the call may be taken back before the server starts it.
      expect(cancelled.includes(label) || !started.includes(label)).toBe(true);
    });
  });

  test.runIf(streams)('waits longer while there is progress, but not for ever', async () => {
    const args = { label: 'busy', steps: 8, stepMs: 100 };
    const patient = await client.callTool('slow', args, { timeoutMs: 500 });
    expect(patient.text()).toBe('busy done');
    const call = client.callTool('slow', { ...args, steps: 300 }, { timeoutMs: 5000, maxTotalMs: 300 });
    await expect(call).rejects.toMatchObject({ code: 'timeout' });
  });

  test('lists resources and templates of every page', async () => {
    const resources = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(expect.arrayContaining(['config://settings', 'spare://20']));
    const templates = await client.listResourceTemplates();
    expect(templates.map(({ uriTemplate }) => uriTemplate)).toEqual(
      expect.arrayContaining(['greeting://{name}', 'spare-11://{id}']),
    );
  });

  test('reads resources raw and decoded', async () => {
    const raw = await client.readResource('config://settings');
    expect(raw.contents).toEqual([
      { uri: 'config://settings', mimeType: 'application/json', text: '{"theme":"dark","size":3}' },
    ]);
    expect(await client.getResource('config://settings')).toEqual({ theme: 'dark', size: 3 });
    expect(await client.getResource('notes://readme')).toBe('Read me first.');
    expect(await client.getResource('greeting://Ada')).toBe('Hello, Ada!');
    const pixel = (await client.getResource('picture://pixel')) as Uint8Array;
    expect([...pixel.subarray(0, 4)]).toEqual(png);
  });

  test('says which code a server gives for an unknown resource', async () => {
    const rpcCode = isModern ? -32_602 : -32_002;
    await expect(client.readResource('no://where')).rejects.toMatchObject({ code: 'protocol-error', rpcCode });
  });

  test('lists prompts of every page and fills one in', async () => {
    const prompts = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(expect.arrayContaining(['hello', 'review', 'spare_10']));
    const { messages } = await client.getPrompt('review', { code: 'x = 1', language: 'python' });
    expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Review this python: x = 1' } }]);
    expect((await client.getPrompt('hello')).messages[0]?.content).toEqual({ type: 'text', text: 'Say hello.' });
  });

  test('completes arguments of prompts and templates', async () => {
    const review = { type: 'ref/prompt', name: 'review' } as const;
    const languages = await client.complete(review, { name: 'language', value: 'p' }, { context: { code: 'x' } });
    expect(languages.values).toEqual(['python', 'perl', 'pascal']);
    const greeting = { type: 'ref/resource', uri: 'greeting://{name}' } as const;
    expect((await client.complete(greeting, { name: 'name', value: 'al' })).values).toEqual(['alan', 'alonzo']);
  });

  test.runIf(streams || !isModern)('shows log messages from the level that was set', async () => {
    const messages: LoggingMessageNotificationParams[] = [];
    await using logging = subject.client({ onLog: (message) => messages.push(message) });
    await logging.setLogLevel('warning');
    await logging.callTool('log');
    await eventually(() => expect(messages.map(({ level }) => level)).toEqual(['warning', 'error']));
    expect(messages[0]).toMatchObject({ data: 'a warning message', logger: 'test' });
  });

  test('sends extra _meta, and extra headers where the wire has them', async () => {
    const options = { meta: { traceparent: '00-aa-bb-01' }, headers: { 'X-Extra': 'one' } };
    await using keyed = subject.client({ apiKey: 'secret' });
    const { meta, headers } = (await keyed.callTool('request', {}, options)).json() as Record<string, object>;
    expect(meta).toMatchObject({ traceparent: '00-aa-bb-01' });
    if (wire === 'http') expect(headers).toMatchObject({ 'x-extra': 'one', 'x-api-key': 'secret' });
  });
});
