import { connect, McpClient, type Tool } from '@toolwire/client-core';
import { createBridge } from '@toolwire/openai-bridge';
import { createTestServer, type TestServer } from '@toolwire/testing';
import { AzureOpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stdioServer } from '../servers/launch.ts';
import { scripted, startOpenAI } from '../servers/openai.ts';
import { apis, call, namesIn, startRun, type Api } from './openai-harness.ts';

let v2: McpClient;

beforeAll(async () => {
  v2 = await connect(stdioServer('v2-server'));
});

afterAll(() => v2.close());

describe.each(apis)('over %s', (api) => {
  test('the model calls a tool and says what came of it', async () => {
    const run = await startRun(v2, api, [call('add', { a: 2, b: 3 }), { text: 'It is five.' }]);
    const result = await run.ask('What is 2 + 3?');
    expect(result).toMatchObject({ finish: 'stop', text: 'It is five.', steps: 2, usage: { input: 20, output: 10 } });
    expect(result.runs).toMatchObject([{ tool: 'add', args: { a: 2, b: 3 }, outcome: 'answered' }]);
    expect(run.answers()).toEqual(['{"sum":5}']);
    expect(run.refusals).toEqual([]);
  });

  test('several calls of one turn run side by side, and are answered in order', async () => {
    let waiting = 0;
    let everyone = (): void => {};
    const together = new Promise<void>((resolve) => (everyone = resolve));
    const server = testServer({
      async meet({ who }) {
        if (++waiting === 3) everyone();
        await together;
        return `${String(who)} was there`;
      },
    });
    const calls = ['Ada', 'Bob', 'Cleo'].map((who) => ({ name: 'meet', arguments: { who } }));
    const run = await startRun(await server.connect(), api, [{ calls }, { text: 'All met.' }]);
    await run.ask('Meet!');
    expect(run.answers()).toEqual(['Ada was there', 'Bob was there', 'Cleo was there']);
  });

  test('an image reaches the model as an image', async () => {
    const run = await startRun(v2, api, [
      {
        calls: [
          { name: 'picture', arguments: {} },
          { name: 'echo', arguments: { text: 'hi' } },
        ],
      },
      { text: 'A pixel.' },
    ]);
    const result = await run.ask('Show me');
    expect(result.text).toBe('A pixel.');
    expect(JSON.stringify(run.requests[1]?.body)).toContain('data:image/png;base64,iVBOR');
    expect(run.answers().join()).not.toContain('iVBOR');
  });

  test('a failure of a tool is told to the model', async () => {
    const run = await startRun(v2, api, [call('fail', {}), { text: 'It failed.' }]);
    const result = await run.ask('Try');
    expect(run.answers()).toEqual(['The tool reports an error:\nthe disk is full']);
    expect(result.runs).toMatchObject([{ outcome: 'tool-error' }]);
  });

  test('what the model gets wrong is told to the model, and nothing is called', async () => {
    const server = testServer({ add: () => 'never' }, { required: ['a'], properties: { a: { type: 'integer' } } });
    const calls = [
      { name: 'add', arguments: '{"a": 1' },
      { name: 'add', arguments: { a: 'one' } },
      { name: 'subtract', arguments: {} },
    ];
    const run = await startRun(await server.connect(), api, [{ calls }, { text: 'Sorry.' }]);
    const result = await run.ask('Add');
    expect(run.answers()).toEqual([
      expect.stringContaining('JSON ends in the middle'),
      expect.stringMatching(/Not called.*a/),
      'Not called: there is no tool "subtract".',
    ]);
    expect(result.runs.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
    expect(server.toolCalls('add')).toEqual([]);
  });

  test('the calls of a made-up "parallel" are made, and answered as one', async () => {
    const uses = [
      { recipient_name: 'functions.echo', parameters: { text: 'one' } },
      { recipient_name: 'functions.add', parameters: { a: 1, b: 1 } },
    ];
    const run = await startRun(v2, api, [call('parallel', { tool_uses: uses }), { text: 'Both.' }]);
    const result = await run.ask('Do both');
    expect(run.answers()).toEqual(['echo:\none\nadd:\n{"sum":2}']);
    expect(result.runs).toHaveLength(2);
  });

  test('a dead server harms no other, and its calls fail in words', async () => {
    const dying = await connect(stdioServer('v2-server'));
    const run = await startRun({ alive: v2, dying }, api, [
      {
        calls: [
          { name: 'dying__crash', arguments: { exitCode: 7 } },
          { name: 'alive__echo', arguments: { text: 'here' } },
        ],
      },
      { text: 'One is gone.' },
    ]);
    const result = await run.ask('Crash');
    await dying.close();
    expect(result.runs).toMatchObject([
      { server: 'dying', outcome: 'failed' },
      { server: 'alive', outcome: 'answered' },
    ]);
    expect(run.answers()).toEqual([expect.stringMatching(/^The call failed: .*\nIt may have taken effect/), 'here']);
  });

  test('a server that cannot be listed is reported, and the others serve', async () => {
    const gone = new McpClient({ command: 'no-such-command-here' });
    const run = await startRun({ gone, here: v2 }, api, [{ text: 'Hello' }]);
    await run.ask('Hi');
    expect(run.bridge.report()?.failed).toMatchObject([{ server: 'gone' }]);
    expect(run.bridge.report()?.tools.length).toBeGreaterThan(10);
  });

  test('a tool that the API rejects is left out, and the request is sent again', async () => {
    const bad = await startRun(v2, api, () => ({ text: 'Still here.' }), { rejects: ['log'] });
    const result = await bad.ask('Hi');
    expect(result.text).toBe('Still here.');
    expect(bad.bridge.report()?.quarantined).toMatchObject([{ tool: 'log', reason: expect.stringContaining('log') }]);
    await bad.ask('Hi again');
    expect(bad.refusals).toEqual(["Invalid schema for function 'log': it is not liked."]);
  });

  test('a call that is declined is not made, and the model hears why', async () => {
    const server = testServer({ drop: () => 'dropped', look: () => 'seen' });
    const asked: unknown[] = [];
    const run = await startRun(
      await server.connect(),
      api,
      [
        {
          calls: [
            { name: 'drop', arguments: { table: 'users' } },
            { name: 'look', arguments: {} },
          ],
        },
        { text: 'As you wish.' },
      ],
      {
        approve({ tool, args }) {
          asked.push([tool.name, tool.annotations, args]);
          return tool.annotations?.destructiveHint === true ? 'we need that table' : true;
        },
      },
    );
    const result = await run.ask('Clean up');
    expect(asked).toEqual([
      ['drop', { destructiveHint: true }, { table: 'users' }],
      ['look', { readOnlyHint: true }, {}],
    ]);
    expect(result.runs.map(({ outcome }) => outcome)).toEqual(['declined', 'answered']);
    expect(run.answers()[0]).toContain('declined this call: we need that table');
    expect(server.toolCalls('drop')).toEqual([]);
  });

  test('maxSteps ends a model that never stops, without a last call', async () => {
    const server = testServer({ again: () => 'more' });
    const run = await startRun(await server.connect(), api, () => call('again', {}), { maxSteps: 3 });
    const result = await run.ask('Go');
    expect(result).toMatchObject({ finish: 'max-steps', steps: 3, pending: [{ name: 'again' }] });
    expect(server.toolCalls('again')).toHaveLength(2);
    await run.resume(result);
    expect(run.refusals).toEqual([]);
  });

  test.each(['length', 'content_filter'] as const)('an answer that is cut (%s) calls nothing', async (cut) => {
    const server = testServer({ write: () => 'written' });
    const run = await startRun(await server.connect(), api, [
      { calls: [{ name: 'write', arguments: '{}' }], cut },
      { text: 'Shorter.' },
    ]);
    const result = await run.ask('Write');
    expect(result).toMatchObject({ finish: cut.replace('_', '-'), pending: [{ name: 'write' }] });
    expect(server.toolCalls('write')).toEqual([]);
    expect(await run.resume(result)).toMatchObject({ text: 'Shorter.' });
  });

  test('a refusal is not a text', async () => {
    const run = await startRun(v2, api, [{ refusal: 'I will not.' }]);
    expect(await run.ask('Be bad')).toMatchObject({ finish: 'refusal', text: '', refusal: 'I will not.' });
  });

  test('a conversation goes on where it ended', async () => {
    const run = await startRun(v2, api, [call('add', { a: 1, b: 1 }), { text: 'Two.' }, { text: 'As I said.' }]);
    const first = await run.ask('1 + 1?');
    const second = await run.resume(first);
    expect(second.text).toBe('As I said.');
    expect(run.refusals).toEqual([]);
  });

  test('tools can be chosen by the names that people write', async () => {
    const run = await startRun({ main: v2 }, api, [call('main__echo', { text: 'hi' }), { text: 'Done' }]);
    await run.ask('Echo', { tool_choice: named(api, 'main/echo') });
    const choices = run.requests.map(({ body }) => body['tool_choice']);
    expect(choices).toEqual([named(api, 'main__echo'), 'auto']);
  });

  test('a filter keeps tools from the model', async () => {
    const filter = ({ name }: Tool): boolean => name === 'echo';
    const run = await startRun(v2, api, [call('add', { a: 1, b: 1 }), { text: 'No.' }], { filter });
    await run.ask('Add');
    expect(run.requests[0]?.body['tools']).toHaveLength(1);
    expect(run.answers()).toEqual(['Not called: there is no tool "add".']);
  });

  test('without any tool the model just answers', async () => {
    const run = await startRun(v2, api, [{ text: 'Hello.' }], { filter: () => false });
    expect((await run.ask('Hi', { tool_choice: 'auto', parallel_tool_calls: false })).text).toBe('Hello.');
    expect(run.requests[0]?.body).not.toHaveProperty('tools');
  });

  test('a function of the caller’s own ends the run before anything is called', async () => {
    const run = await startRun(v2, api, [
      {
        calls: [
          { name: 'mine', arguments: { x: 1 } },
          { name: 'echo', arguments: { text: 'a' } },
        ],
      },
    ]);
    const result = await run.ask('Go', { tools: [own(api, 'mine')] });
    expect(result).toMatchObject({ finish: 'foreign-calls', runs: [], pending: [{ name: 'mine' }, { name: 'echo' }] });
  });

  test('a function of the caller’s own replaces a tool of its name', async () => {
    const run = await startRun(v2, api, [{ text: 'Fine.' }]);
    await run.ask('Go', { tools: [own(api, 'echo')] });
    expect(run.refusals).toEqual([]);
    expect(namesIn(run.requests[0]).filter((name) => name === 'echo')).toHaveLength(1);
  });

  test('each call of a tool gets the headers and limits of its run', async () => {
    await using listening = await testServer({ whoami: () => 'you' }).listen();
    await using client = await connect(listening.url, {
      interceptors: [(next) => (request) => (seen.push(request.options), next(request))],
    });
    const seen: { headers?: unknown; timeoutMs?: unknown }[] = [];
    const run = await startRun(client, api, [call('whoami', {}), { text: 'You.' }]);
    await run.ask('Who?', {}, { call: { headers: { 'X-User': 'ada' }, timeoutMs: 5_000 } });
    expect(seen.at(-1)).toMatchObject({ headers: { 'X-User': 'ada' }, timeoutMs: 5_000 });
  });

  test('an abort reaches the tool, and rejects with its reason', async () => {
    const abort = new AbortController();
    const run = await startRun(v2, api, [call('slow', { label: 'never', steps: 100, stepMs: 100 })]);
    const asked = run.ask(
      'Wait',
      {},
      { signal: abort.signal, approve: () => (setTimeout(() => abort.abort(new Error('enough')), 50), true) },
    );
    await expect(asked).rejects.toThrow('enough');
    await expect
      .poll(async () => (await v2.callTool('seen')).json())
      .toMatchObject({ cancelled: expect.arrayContaining(['never']) });
  });

  test('an abort ends a run that waits for approval', async () => {
    const abort = new AbortController();
    const run = await startRun(v2, api, [call('echo', { text: 'hi' })]);
    const approve = (): Promise<boolean> => {
      setTimeout(() => abort.abort(new Error('enough')), 10);
      return new Promise(() => {});
    };
    await expect(run.ask('Wait', {}, { signal: abort.signal, approve })).rejects.toThrow('enough');
  });
});

test('reasoning is brought along, stored or not', async () => {
  const turns = [call('echo', { text: 'a' }), call('echo', { text: 'b' }), { text: 'Done.' }];
  for (const settings of [{}, { store: false }, { store: false, include: ['reasoning.encrypted_content'] }] as const) {
    const run = await startRun(v2, 'responses', turns);
    expect(await run.ask('Go', { model: 'gpt-5.4', ...settings })).toMatchObject({ text: 'Done.' });
    expect(run.refusals).toEqual([]);
  }
});

test('an answer that was cut while the model thought is taken up again', async () => {
  const run = await startRun(v2, 'responses', [{ cut: 'length' }, { text: 'Done.' }]);
  const result = await run.ask('Go', { model: 'gpt-5.4' });
  expect(result).toMatchObject({ finish: 'length', text: '' });
  expect(await run.resume(result)).toMatchObject({ text: 'Done.' });
});

test('a conversation that OpenAI keeps is only told what is new', async () => {
  const run = await startRun(v2, 'responses', [call('echo', { text: 'a' }), { text: 'Done.' }]);
  await run.ask('Go', { conversation: 'conv_1' });
  expect(run.requests[1]?.body['input']).toEqual([{ type: 'function_call_output', call_id: 'call_1_0', output: 'a' }]);
});

test('an AzureOpenAI client is as good', async () => {
  await using model = await startOpenAI(scripted(call('echo', { text: 'hi' }), { text: 'Hi.' }));
  const azure = new AzureOpenAI({
    baseURL: model.url,
    apiVersion: '2026-05-01',
    azureADTokenProvider: () => Promise.resolve('token'),
  });
  const messages = [{ role: 'user' as const, content: 'Say hi' }];
  expect(await createBridge(v2).chat(azure, { model: 'my-deployment', messages })).toMatchObject({ text: 'Hi.' });
});

function named(api: Api, name: string): unknown {
  return api === 'chat' ? { type: 'function', function: { name } } : { type: 'function', name };
}

function own(api: Api, name: string): unknown {
  const definition = { name, parameters: { type: 'object', properties: {} }, strict: false };
  return api === 'chat' ? { type: 'function', function: definition } : { type: 'function', ...definition };
}

/** A server with these tools; those that only look say so, the others may destroy. */
function testServer(
  handlers: Readonly<Record<string, (args: Record<string, unknown>) => unknown>>,
  schema: object = {},
): TestServer {
  const tools = Object.entries(handlers).map(([name, handler]) => {
    const annotations = name === 'look' ? { readOnlyHint: true } : { destructiveHint: true };
    return [name, { handler, annotations, inputSchema: { type: 'object', ...schema } }];
  });
  const server = createTestServer({ tools: Object.fromEntries(tools) });
  onTestFinished(() => server.close());
  return server;
}
