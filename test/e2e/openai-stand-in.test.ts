import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { openAIStandIn } from '../servers/openai.ts';

// What the other tests lean on: a request that OpenAI would refuse does not get through here either.
const user = { role: 'user', content: 'Hi' };
const calls = (...ids: string[]): object => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
});
const tool = (id: string, content: unknown = 'done'): object => ({ role: 'tool', tool_call_id: id, content });
const functionOf = (parameters: unknown, strict = false): object => ({
  type: 'function',
  function: { name: 'f', parameters, strict },
});
const property = (schema: object): object => ({ type: 'object', properties: { a: schema } });
const closed = (schema: object): object => ({ ...property(schema), required: ['a'], additionalProperties: false });

describe('Chat Completions', () => {
  test.each<[message: string, body: object]>([
    ['call_2', { messages: [user, calls('call_1', 'call_2'), tool('call_1')] }],
    ['did not have response messages', { messages: [user, calls('a'), user, tool('a')] }],
    ["role 'tool' must be a response", { messages: [user, tool('a')] }],
    ["role 'tool' must be a response", { messages: [user, calls('a'), tool('a'), tool('a')] }],
    ["Invalid value: 'image_url'", { messages: [user, calls('a'), tool('a', [{ type: 'image_url' }])] }],
    [
      'valid image',
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] },
        ],
      },
    ],
    ['empty array', { messages: [user], tools: [] }],
    ['only allowed when', { messages: [user], tool_choice: 'auto' }],
    [
      'not found in',
      {
        messages: [user],
        tools: [functionOf(property({}))],
        tool_choice: { type: 'function', function: { name: 'g' } },
      },
    ],
    ['Unknown parameter', { messages: [user], input: 'Hi' }],
    ['missing properties', { messages: [user], tools: [functionOf({ type: 'object' })] }],
    ['missing items', { messages: [user], tools: [functionOf(property({ type: 'array' }))] }],
    ['lookaround', { messages: [user], tools: [functionOf(property({ type: 'string', pattern: '^(?=a)' }))] }],
    ['not of type', { messages: [user], tools: [functionOf(property({ exclusiveMinimum: true }))] }],
    ['definitions', { messages: [user], tools: [functionOf(property({ $ref: '#/$defs/x' }))] }],
    ['top level', { messages: [user], tools: [functionOf({ ...property({}), anyOf: [{}] })] }],
    ['unique', { messages: [user], tools: [functionOf(property({})), functionOf(property({}))] }],
    ['additionalProperties', { messages: [user], tools: [functionOf(property({ type: 'string' }), true)] }],
    ["'type' key", { messages: [user], tools: [functionOf(closed({ enum: [1] }), true)] }],
    [
      'not permitted',
      { messages: [user], tools: [functionOf(closed({ type: 'array', items: {}, uniqueItems: true }), true)] },
    ],
    ['format', { messages: [user], tools: [functionOf(closed({ type: 'string', format: 'uri' }), true)] }],
  ])('refuses: %s', async (message, body) => {
    expect(await refusal('chat/completions', { model: 'm', ...body })).toContain(message);
  });
});

const functionCall = { type: 'function_call', id: 'fc_1', call_id: 'a', name: 'f', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'a', output: 'done' };
const namespace = {
  type: 'namespace',
  name: 'n',
  description: 'N',
  tools: [{ type: 'function', name: 'f', parameters: property({}) }],
};

describe('Responses', () => {
  test.each<[message: string, body: object]>([
    ['No tool output found for function call a', { input: [functionCall] }],
    ['No tool call found', { input: [output] }],
    ['Duplicate item', { input: [functionCall, output, output] }],
    ["begins with 'fc'", { input: [{ ...functionCall, id: 'call_1' }, output] }],
    [
      'Missing namespace',
      { model: 'gpt-5.4', input: [functionCall, output], tools: [{ type: 'tool_search' }, namespace] },
    ],
    ["needs the 'tool_search' tool", { input: 'Hi', tools: [namespace] }],
    ['not supported with m', { input: 'Hi', tools: [{ type: 'tool_search' }] }],
    ['required following item', { input: [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' }] }],
    ['not persisted', { input: [{ type: 'reasoning', id: 'rs_1', summary: [] }] }],
    ['Previous response', { input: 'Hi', previous_response_id: 'resp_0' }],
    [
      'valid image',
      {
        input: [
          functionCall,
          { ...output, output: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }] },
        ],
      },
    ],
    ["Invalid value: 'text'", { input: [functionCall, { ...output, output: [{ type: 'text', text: 'done' }] }] }],
    ['Unknown parameter', { messages: [user], input: 'Hi' }],
  ])('refuses: %s', async (message, body) => {
    expect(await refusal('responses', { model: 'm', ...body })).toContain(message);
  });
});

async function refusal(path: string, body: object): Promise<string> {
  const standIn = openAIStandIn(() => ({ text: 'Hi.' }));
  const openai = new OpenAI({
    apiKey: 'key',
    maxRetries: 0,
    fetch: (url, init) => standIn.fetch(new Request(url, init)),
  });
  const error: unknown = await openai.post(`/${path}`, { body }).then(
    () => 'nothing',
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ status: 400 });
  return String(error);
}
