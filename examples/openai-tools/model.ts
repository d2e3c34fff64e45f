import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type OpenAI from 'openai';

type Request = OpenAI.ChatCompletionCreateParamsNonStreaming;

/** A model that costs nothing and knows one trick, so that this story runs anywhere; it speaks as OpenAI does. */
export async function startModel(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => void respond(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  return {
    url: `http://127.0.0.1:${port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const message = answer((await json(request)) as Request); // What an OpenAI client sends is a request of OpenAI's.
  const finish_reason = 'tool_calls' in message ? 'tool_calls' : 'stop';
  const choices = [{ index: 0, logprobs: null, finish_reason, message }];
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', created: 0, model: 'trick', choices }));
}

/** Calls the tool whose name begins as the question does, with the number in it; then says what the tool has said. */
function answer({ messages, tools = [] }: Request): object {
  const last = messages.at(-1);
  const said = typeof last?.content === 'string' ? last.content : '';
  if (last?.role !== 'user') return { role: 'assistant', content: `I have: ${said}`, refusal: null };
  const verb = said.split(' ')[0]?.toLowerCase() ?? '';
  const names = tools.map((tool) => (tool.type === 'function' ? tool.function.name : ''));
  const name = names.find((known) => known.startsWith(verb)) ?? 'unknown';
  const args = JSON.stringify({ user_id: Number(/\d+/.exec(said)?.[0]) });
  const tool_calls = [{ id: 'call_1', type: 'function', function: { name, arguments: args } }];
  return { role: 'assistant', content: null, refusal: null, tool_calls };
}
