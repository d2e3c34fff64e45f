import type { Change, McpClient, Subscription } from '@toolwire/client-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { seenBy, subjects, type Subject } from './subjects.ts';

async function next(subscription: Subscription): Promise<Change> {
  const { value, done } = await subscription[Symbol.asyncIterator]().next();
  if (done === true) throw new Error('the subscription ended');
  return value;
}

describe.concurrent.each(subjects)('$name', ({ revision, open }) => {
  let subject: Subject;
  let client: McpClient;

  beforeAll(async () => {
    subject = await open();
    client = subject.client();
    await client.connect();
  });
  afterAll(async () => {
    await client.close();
    await subject[Symbol.asyncDispose]();
  });

  test('hears of a resource that it has subscribed to, and of no other', async () => {
    const subscription = await client.subscribe('config://settings');
    await client.callTool('touch', { uri: 'notes://readme' });
    await client.callTool('touch', { uri: 'config://settings' });
    expect(await next(subscription)).toEqual({ type: 'resource', uri: 'config://settings' });
    await subscription.close();
    expect(await subscription[Symbol.asyncIterator]().next()).toMatchObject({ done: true });
    if (revision < '2026-07-28') expect((await seenBy(client)).subscribed).not.toContain('config://settings');
  });

  test('keeps a resource subscribed until the last who watches it has closed', async () => {
    const first = await client.subscribe('picture://pixel');
    await using second = await client.subscribe('picture://pixel');
    await first.close();
    await client.callTool('touch', { uri: 'picture://pixel' });
    expect(await next(second)).toEqual({ type: 'resource', uri: 'picture://pixel' });
  });

  test.each([
    { list: 'tools', filter: { tools: true }, type: 'tools' },
    { list: 'resources', filter: { resourceList: true }, type: 'resourceList' },
    { list: 'prompts', filter: { prompts: true }, type: 'prompts' },
  ])('hears that the list of $list has changed, and finds what is new', async ({ list, filter, type }) => {
    await using subscription = await client.subscribe(filter);
    await client.callTool('grow', { list });
    expect(await next(subscription)).toEqual({ type });
    const found = {
      tools: () => client.listTools({ fresh: true }),
      resources: () => client.listResources({ fresh: true }),
      prompts: () => client.listPrompts({ fresh: true }),
    };
    const names = (await found[list as keyof typeof found]()).map(({ name }) => name);
    expect(names.some((name) => name.startsWith('grown'))).toBe(true);
  });

  test('passes notifications on as they came', async () => {
    const methods: string[] = [];
    await using listening = subject.client({ onNotification: (method) => methods.push(method) });
    await using subscription = await listening.subscribe({ prompts: true });
    await listening.callTool('grow', { list: 'prompts' });
    await next(subscription);
    await eventually(() => expect(methods).toContain('notifications/prompts/list_changed'));
  });
});
