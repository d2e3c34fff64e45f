import type { McpClient } from '@toolwire/client-core';
import { createTestServer } from '@toolwire/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { apis, call, namesIn, startRun } from './openai-harness.ts';

const shelf = Array.from({ length: 45 }, (_, index) => `shelf_${index}`);

async function library(...names: readonly string[]): Promise<McpClient> {
  const tools = names.map((name) => [
    name,
    { description: `Does ${name.replaceAll('_', ' ')}`, handler: () => `${name}: done` },
  ]);
  const server = createTestServer({ tools: Object.fromEntries(tools) });
  onTestFinished(() => server.close());
  return server.connect();
}

describe.each(apis)('over %s, a model that has no search of its own', (api) => {
  test('finds tools with a function, calls them, and keeps them for the rest of the run', async () => {
    const run = await startRun(await library(...shelf, 'water_plants', 'feed_cat'), api, [
      call('find_tools', { query: 'water the plants' }),
      call('water_plants', {}),
      call('find_tools', { query: 'cat' }),
      { text: 'All done.' },
    ]);
    const result = await run.ask('Water the plants and feed the cat');
    expect(result).toMatchObject({ text: 'All done.', runs: [{ name: 'find_tools' }, { tool: 'water_plants' }, {}] });
    expect(run.requests.map(namesIn)).toEqual([
      ['find_tools'],
      ['water_plants', 'find_tools'],
      ['water_plants', 'find_tools'],
      ['water_plants', 'feed_cat', 'find_tools'],
    ]);
    expect(run.answers()).toEqual([
      'You can call these now:\nwater_plants: Does water plants',
      'water_plants: done',
      'You can call these now:\nfeed_cat: Does feed cat',
    ]);
    expect(run.refusals).toEqual([]);
  });

  test('keeps what it has called before when the conversation goes on', async () => {
    const run = await startRun(await library(...shelf, 'feed_cat'), api, [
      call('feed_cat', {}),
      { text: 'Fed.' },
      { text: 'Yes.' },
    ]);
    await run.resume(await run.ask('Feed the cat'));
    expect(namesIn(run.requests[0])).toEqual(['find_tools']);
    expect(namesIn(run.requests[2])).toEqual(['feed_cat', 'find_tools']);
  });

  test('is told when nothing fits', async () => {
    const run = await startRun(await library(...shelf), api, [
      call('find_tools', { query: 'weather' }),
      { text: 'No.' },
    ]);
    await run.ask('Weather?');
    expect(run.answers()).toEqual([expect.stringContaining('No tool fits')]);
  });

  test('is given a tool at once that tool_choice names', async () => {
    const name = 'feed_cat';
    const run = await startRun(await library(...shelf, name), api, [call(name, {}), { text: 'Fed.' }]);
    const choice = api === 'chat' ? { type: 'function', function: { name } } : { type: 'function', name };
    await run.ask('Feed', { tool_choice: choice, model: 'gpt-5.4' });
    expect(run.refusals).toEqual([]);
    expect(namesIn(run.requests[0])).toContain(name);
  });
});

describe.each(apis)('over %s', (api) => {
  test('up to forty tools are all given, and any number when search is off', async () => {
    const few = await startRun(await library(...shelf.slice(0, 40)), api, [{ text: 'Hi.' }]);
    await few.ask('Hi');
    expect(namesIn(few.requests[0])).toHaveLength(40);
    const many = await startRun(await library(...shelf), api, [{ text: 'Hi.' }], { search: 'off' });
    await many.ask('Hi');
    expect(namesIn(many.requests[0])).toHaveLength(45);
  });
});

describe('the search of the Responses API', () => {
  test('finds tools in one namespace for each server, and its calls are taken back', async () => {
    const source = { garden: await library(...shelf, 'water_plants'), pets: await library('feed_cat') };
    const calls = [{ name: 'pets__feed_cat', namespace: 'pets', arguments: {} }];
    const run = await startRun(source, 'responses', [{ loads: ['pets'], calls }, { text: 'Fed.' }]);
    const result = await run.ask('Feed the cat', { model: 'gpt-5.4' });
    expect(result).toMatchObject({ text: 'Fed.', runs: [{ server: 'pets', tool: 'feed_cat', outcome: 'answered' }] });
    const [first] = run.requests;
    expect(first?.body['parallel_tool_calls']).toBe(false);
    expect(first?.body['tools']).toMatchObject([
      { type: 'tool_search' },
      { type: 'namespace', name: 'garden' },
      {
        type: 'namespace',
        name: 'pets',
        description: 'Tools: feed_cat',
        tools: [{ type: 'function', name: 'pets__feed_cat', defer_loading: true }],
      },
    ]);
    await run.resume(result).catch(() => {}); // The script has ended: what counts is that the request was taken.
    expect(run.refusals).toEqual([]);
    expect(run.requests).toHaveLength(3);
  });

  test.each([
    ['gpt-5.4', true],
    ['gpt-5.10-mini', true],
    ['gpt-6-astra', true],
    ['gpt-5', false],
    ['gpt-5.3-codex', false],
    ['gpt-4.1', false],
    ['gpt-oss-120b', false],
    ['my-deployment', false],
  ])('is used with %s: %s', async (model, isUsed) => {
    const run = await startRun(await library(...shelf), 'responses', [{ text: 'Hi.' }]);
    await run.ask('Hi', { model });
    expect(JSON.stringify(run.requests[0]?.body).includes('"tool_search"')).toBe(isUsed);
  });
});
