import { connect, type McpClient } from '@toolwire/client-core';
import { createBridge } from '@toolwire/openai-bridge';
import OpenAI from 'openai';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { ResponseInput } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { referenceServer } from '../servers/launch.ts';
import { scripted, startOpenAI } from '../servers/openai.ts';

let everything: McpClient;

beforeAll(async () => {
  everything = await connect(referenceServer('everything'));
});

afterAll(() => everything.close());

const turns = [
  {
    calls: [
      { name: 'get-sum', arguments: { a: 2, b: 3 } },
      { name: 'get-tiny-image', arguments: {} },
      { name: 'get-sum', arguments: { a: 'two' } },
    ],
  },
  { text: 'Five.' },
];

test('a loop of one’s own over Chat Completions', async () => {
  await using model = await startOpenAI(scripted(...turns));
  const openai = new OpenAI({ apiKey: 'key', baseURL: model.url, maxRetries: 0 });
  const bridge = createBridge(everything);
  const tools = await bridge.tools('chat');
  const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'Add' }];
  const first = await openai.chat.completions.create({ model: 'gpt-4.1', messages, tools });
  const message = first.choices[0]?.message;
  expect(message?.tool_calls).toHaveLength(3);
  const answers = await bridge.execute(message?.tool_calls ?? []);
  expect(answers.map(({ role }) => role)).toEqual(['tool', 'tool', 'tool', 'user']);
  const second = await openai.chat.completions.create({
    model: 'gpt-4.1',
    messages: message === undefined ? [] : [...messages, message, ...answers],
    tools,
  });
  expect(second.choices[0]?.message.content).toBe('Five.');
});

test('a loop of one’s own over the Responses API', async () => {
  await using model = await startOpenAI(scripted(...turns));
  const openai = new OpenAI({ apiKey: 'key', baseURL: model.url, maxRetries: 0 });
  const bridge = createBridge(everything);
  const tools = await bridge.tools('responses');
  const input: ResponseInput = [{ role: 'user', content: 'Add' }];
  const first = await openai.responses.create({ model: 'gpt-5.4', input, tools });
  const answers = await bridge.execute(first.output);
  expect(answers).toMatchObject([
    { type: 'function_call_output', output: expect.stringContaining('5') },
    {
      type: 'function_call_output',
      output: expect.arrayContaining([expect.objectContaining({ type: 'input_image' })]),
    },
    { type: 'function_call_output', output: expect.stringContaining('Not called') },
  ]);
  const second = await openai.responses.create({
    model: 'gpt-5.4',
    previous_response_id: first.id,
    input: answers,
    tools,
  });
  expect(second.output_text).toBe('Five.');
});

test('an answer without calls needs nothing', async () => {
  expect(await createBridge(everything).execute([])).toEqual([]);
});

test('every tool of the reference server is taken, strictly where nothing gets lost', async () => {
  await using model = await startOpenAI(() => ({ text: 'Hi.' }));
  const openai = new OpenAI({ apiKey: 'key', baseURL: model.url, maxRetries: 0 });
  const bridge = createBridge(everything);
  await bridge.chat(openai, { model: 'gpt-4.1', messages: [{ role: 'user', content: 'Hi' }] });
  await bridge.respond(openai, { model: 'gpt-4.1', input: 'Hi' });
  expect(model.refusals).toEqual([]);
  expect(bridge.report()?.quarantined).toEqual([]);
  expect(bridge.report()?.tools.filter(({ strict }) => strict).length).toBeGreaterThan(5);
});
