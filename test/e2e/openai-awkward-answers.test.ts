import { RunInterruptedError, createBridge } from '@toolwire/openai-bridge';
import { createTestServer } from '@toolwire/testing';
import { http, HttpResponse, type DefaultBodyType, type StrictRequest } from 'msw';
import { setupServer } from 'msw/node';
import OpenAI, { AuthenticationError, BadRequestError } from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openAIStandIn, scripted, type ModelTurn } from '../servers/openai.ts';
import { apis, call, type Api } from './openai-harness.ts';

const network = setupServer();
beforeAll(() => network.listen({ onUnhandledRequest: 'bypass' }));
afterEach(() => network.resetHandlers());
afterAll(() => network.close());

/** What comes over the wire before the stand-in is asked: the answer to the nth request, or nothing. */
type Awkward = (request: StrictRequest<DefaultBodyType>, count: number) => Response | undefined;

/** OpenAI's own address, as the client has it when nothing is said. */
async function start(turns: readonly ModelTurn[], awkward: Awkward): Promise<Scene> {
  const standIn = openAIStandIn(scripted(...turns));
  let count = 0;
  network.use(
    http.post('https://api.openai.com/v1/*', ({ request }) => awkward(request, ++count) ?? standIn.fetch(request)),
  );
  const server = createTestServer({ tools: { charge: { handler: () => 'charged' } } });
  onTestFinished(() => server.close());
  const bridge = createBridge(await server.connect());
  const openai = new OpenAI({ apiKey: 'key' });
  const model = 'gpt-4.1';
  return {
    charges: () => server.toolCalls('charge').length,
    requests: () => count,
    run: (api, transcript = [{ role: 'user', content: 'Charge me' }]) =>
      api === 'chat'
        ? bridge.chat(openai, { model, messages: transcript as never })
        : bridge.respond(openai, { model, input: transcript as never }),
    stream: (api) =>
      api === 'chat'
        ? bridge.stream(openai, { model, messages: [{ role: 'user', content: 'Charge me' }] })
        : bridge.stream(openai, { model, input: 'Charge me' }),
  };
}

interface Scene {
  charges(): number;
  requests(): number;
  run(api: Api, transcript?: readonly unknown[]): Promise<{ readonly text: string }>;
  stream(api: Api): AsyncIterable<{ readonly type: string }>;
}

const broken = (status: number): Response =>
  HttpResponse.json({ error: { message: 'not now', type: 'server_error', param: null, code: null } }, { status });

describe.each(apis)('over %s', (api) => {
  test('429 with Retry-After is waited for, as the client does it', async () => {
    // Without a body: the client waits until a body is cancelled, which it never is while MSW holds a copy.
    const tooMany = new HttpResponse(null, { status: 429, headers: { 'retry-after-ms': '5' } });
    const scene = await start([{ text: 'Here.' }], (_request, count) => (count === 1 ? tooMany : undefined));
    expect(await scene.run(api)).toMatchObject({ text: 'Here.' });
    expect(scene.requests()).toBe(2);
  });

  test('a run that fails after tools have run can go on from there, and no tool runs twice', async () => {
    const scene = await start([call('charge', {}), { text: 'Charged once.' }], (_request, count) =>
      count === 2 ? broken(400) : undefined,
    );
    const error: unknown = await scene.run(api).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RunInterruptedError);
    if (!(error instanceof RunInterruptedError)) return;
    expect(error.cause).toBeInstanceOf(BadRequestError);
    expect(await scene.run(api, error.transcript)).toMatchObject({ text: 'Charged once.' });
    expect(scene.charges()).toBe(1);
  });

  test('an error before any tool has run is the client’s own', async () => {
    const scene = await start([], () => broken(401));
    await expect(scene.run(api)).rejects.toBeInstanceOf(AuthenticationError);
  });

  test('an answer that fails in the middle fails the run', async () => {
    const failure = { error: { message: 'The server had an error', type: 'server_error', code: null, param: null } };
    const event =
      api === 'chat'
        ? failure
        : { type: 'error', sequence_number: 9, code: null, param: null, message: 'The server had an error' };
    const scene = await start([], () => eventStream(`${firstEvent[api]}data: ${JSON.stringify(event)}\n\n`));
    await expect(Array.fromAsync(scene.stream(api))).rejects.toThrow('The server had an error');
  });

  test('an answer that breaks off fails the run, whatever was said', async () => {
    const scene = await start([], () => eventStream(firstEvent[api]));
    await expect(Array.fromAsync(scene.stream(api))).rejects.toThrow("The model's answer broke off");
  });

  test('an answer that is none fails the run', async () => {
    const scene = await start([], () => HttpResponse.json({ object: 'list', data: [] }));
    await expect(scene.run(api)).rejects.toThrow(/answer/);
  });
});

test('a response that has failed is no answer', async () => {
  const scene = await start([], () =>
    HttpResponse.json({ status: 'failed', output: [], error: { code: 'server_error', message: 'out of order' } }),
  );
  await expect(scene.run('responses')).rejects.toThrow('The model has failed: out of order');
});

test('a stream whose last event leaves the output out is read all the same', async () => {
  const item = {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
  };
  const events = [
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { status: 'completed', output: [] } },
  ];
  const scene = await start([], () =>
    eventStream(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')),
  );
  expect(await Array.fromAsync(scene.stream('responses'))).toMatchObject([{ type: 'done', result: { text: 'Hi' } }]);
});

test('calls without ids, or with the same, are told apart', async () => {
  const calls = ['', 'x', 'x'].map((id) => ({ id, type: 'function', function: { name: 'charge', arguments: '{}' } }));
  const scene = await start([{ text: 'Three.' }], (_request, count) =>
    count === 1
      ? HttpResponse.json({
          choices: [
            { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: null, tool_calls: calls } },
          ],
        })
      : undefined,
  );
  expect(await scene.run('chat')).toMatchObject({ text: 'Three.' });
  expect(scene.charges()).toBe(3);
});

const firstEvent: Record<Api, string> = {
  chat: `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'Hel' }, finish_reason: null }] })}\n\n`,
  responses: `data: ${JSON.stringify({ type: 'response.output_text.delta', sequence_number: 1, delta: 'Hel', item_id: 'm', output_index: 0, content_index: 0 })}\n\n`,
};

function eventStream(text: string): Response {
  return new HttpResponse(text, { headers: { 'content-type': 'text/event-stream' } });
}
