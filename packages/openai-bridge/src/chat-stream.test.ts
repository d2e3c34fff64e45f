import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { describe, expect, test } from 'vitest';
import { readChatStream } from './chat-stream.ts';

/** Answers of servers that only resemble OpenAI, as the deltas of their first choice. */
describe('puts together what other servers send', () => {
  test.each<[what: string, deltas: object[], message: object]>([
    [
      'calls that all have the index 0',
      [call(0, 'a', 'first', '{"x":'), call(0, 'a', undefined, '1}'), call(0, 'b', 'second', '{}')],
      { tool_calls: [written('a', 'first', '{"x":1}'), written('b', 'second', '{}')] },
    ],
    [
      'calls without an index',
      [call(undefined, 'a', 'first', '{}'), call(undefined, 'b', 'second', '{}')],
      { tool_calls: [written('a', 'first', '{}'), written('b', 'second', '{}')] },
    ],
    [
      'the name in every piece',
      [call(0, 'a', 'first', '{"x"'), call(0, 'a', 'first', ':1}')],
      { tool_calls: [written('a', 'first', '{"x":1}')] },
    ],
    ['arguments as an object', [call(0, 'a', 'first', { x: 1 })], { tool_calls: [written('a', 'first', '{"x":1}')] }],
    [
      'calls that are written side by side',
      [
        call(0, 'a', 'first', ''),
        call(1, 'b', 'second', ''),
        call(0, undefined, undefined, '{}'),
        call(1, undefined, undefined, '[]'),
      ],
      { tool_calls: [written('a', 'first', '{}'), written('b', 'second', '[]')] },
    ],
    [
      'fields that they want back',
      [
        { reasoning_content: 'Let me ' },
        { reasoning_content: 'think' },
        {
          tool_calls: [
            { index: 0, id: 'a', function: { name: 'f', arguments: '{}' }, extra_content: { signature: 's' } },
          ],
        },
      ],
      {
        reasoning_content: 'Let me think',
        tool_calls: [{ ...written('a', 'f', '{}'), extra_content: { signature: 's' } }],
      },
    ],
    [
      'a custom tool of the caller',
      [
        { tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'code', input: '' } }] },
        { tool_calls: [{ index: 0, custom: { input: 'print(1)' } }] },
      ],
      { tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'code', input: 'print(1)' } }] },
    ],
  ])('%s', async (_what, deltas, message) => {
    const answer = await read(deltas, 'tool_calls');
    expect(answer.choices[0]?.message).toEqual({ role: 'assistant', content: null, refusal: null, ...message });
  });
});

test('a stream that ends without a reason has broken off', async () => {
  await expect(read([{ content: 'Hel' }], null)).rejects.toThrow('broke off');
  await expect(read([], null)).rejects.toThrow('broke off');
});

test('the usage may come in a last piece of its own', async () => {
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
  const pieces = [chunk({ delta: { content: 'a' }, finish_reason: 'stop' }), { ...chunk(), choices: [], usage }];
  expect(await readChatStream(stream(pieces), quiet)).toMatchObject({
    usage,
    choices: [{ message: { content: 'a' } }],
  });
});

const quiet = { signal: new AbortController().signal, emit: (): void => {} };

function read(deltas: readonly object[], finishReason: string | null): ReturnType<typeof readChatStream> {
  const chunks = deltas.map((delta) => chunk({ delta, finish_reason: null }));
  const last = finishReason === null ? [] : [chunk({ delta: {}, finish_reason: finishReason })];
  return readChatStream(stream([...chunks, ...last]), quiet);
}

function chunk(choice?: object): object {
  const choices = choice === undefined ? [] : [{ index: 0, ...choice }];
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
}

/** What a server sends need not be what the types say. */
async function* stream(chunks: readonly object[]): AsyncGenerator<ChatCompletionChunk> {
  yield* chunks as readonly ChatCompletionChunk[];
}

function call(index: number | undefined, id: string | undefined, name: string | undefined, args: unknown): object {
  return { tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }] };
}

function written(id: string, name: string, args: string): object {
  return { id, type: 'function', function: { name, arguments: args } };
}
