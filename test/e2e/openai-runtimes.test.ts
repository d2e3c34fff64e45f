import { createContext, Script } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** A whole run, with a tool and a model in the program itself. */
const program = `
  import { ToolResult } from '@toolwire/client-core';
  import { createBridge } from '@toolwire/openai-bridge';

  const tool = { name: 'add', inputSchema: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] } };
  const caller = {
    listTools: async () => [tool],
    callTool: async (_name, args) => new ToolResult({ content: [{ type: 'text', text: String(args.a + 1) }] }),
  };
  async function* stream(delta, finish_reason) {
    yield { choices: [{ index: 0, delta, finish_reason }] };
  }
  const call = { index: 0, id: 'call_1', function: { name: 'add', arguments: '{"a":1}' } };
  const create = async ({ messages }) =>
    messages.length === 1
      ? stream({ tool_calls: [call] }, 'tool_calls')
      : stream({ content: messages.at(-1).content }, 'stop');
  const bridge = createBridge(caller);
  const params = { model: 'm', messages: [{ role: 'user', content: 'Add' }] };
  globalThis.events = (async () => {
    const types = [];
    for await (const event of bridge.stream({ chat: { completions: { create } } }, params)) types.push(event.type);
    return types;
  })();
`;

test('a run needs neither Node nor code that is made at run time', async () => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    platform: 'browser', // A Node module would not be found.
    conditions: ['@toolwire/source'],
    format: 'iife',
  });
  const bare = {
    AbortController,
    AbortSignal,
    ReadableStream,
    TextDecoder,
    TextEncoder,
    URL,
    atob,
    crypto,
    setTimeout,
    clearTimeout,
  };
  const context = createContext({ ...bare }, { codeGeneration: { strings: false, wasm: false } });
  new Script(outputFiles[0]?.text ?? '').runInContext(context);
  expect(await context['events']).toEqual(['argumentsDelta', 'toolStart', 'toolEnd', 'text', 'done']);
});
