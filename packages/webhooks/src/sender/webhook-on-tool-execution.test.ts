import { describe, expect, onTestFinished, test } from 'vitest';
import { startEndpoint, type TestEndpoint } from '../../test-support/endpoint.ts';
import { manualClock } from '../../test-support/manual-clock.ts';
import { generateSecret } from '../secret.ts';
import type { DroppedWebhook } from './sender-types.ts';
import { webhookOnToolExecution, type ToolRequest, type ToolWebhookOptions } from './webhook-on-tool-execution.ts';

const answer = { content: [{ type: 'text', text: '3' }] };
const request: ToolRequest = {
  method: 'tools/call',
  params: { name: 'add', arguments: { a: 1 }, _meta: { token: 'canary' } },
};
const answers = async (): Promise<unknown> => answer;

interface Call {
  readonly options?: Partial<ToolWebhookOptions>;
  readonly next?: (request: ToolRequest) => Promise<unknown>;
  readonly request?: ToolRequest;
}

/** What one call brings to the endpoint, and what is told of what it does not. */
async function call({
  options,
  next = answers,
  request: asked = request,
}: Call): Promise<{ bodies: unknown[]; dropped: DroppedWebhook[]; result: unknown }> {
  const endpoint = await startEndpoint();
  const dropped: DroppedWebhook[] = [];
  const onDropped = (event: DroppedWebhook): void => void dropped.push(event);
  const webhook = webhookOnToolExecution({
    ...settings(endpoint),
    clock: manualClock(1_700_000_000_000),
    onDropped,
    ...options,
  });
  const result = await webhook(next)(asked).catch((error: unknown) => error);
  await webhook.sender.close();
  return { bodies: endpoint.received.map(({ body }) => JSON.parse(String(body)) as unknown), dropped, result };
}

function settings({ url }: TestEndpoint): ToolWebhookOptions {
  return { url, secrets: generateSecret(), allowLoopback: true };
}

const executed = {
  event: 'tool_executed',
  tool: 'add',
  params: { a: 1 },
  result: answer,
  timestamp: '2023-11-14T22:13:20.000Z',
  eventId: expect.stringMatching(/^evt_[0-9a-f-]{36}$/) as unknown,
};

describe('a webhook tells', () => {
  test('a tool that answered: what it was given and what it answered, and nothing of the request besides', async () => {
    const { bodies, result } = await call({});
    expect(bodies).toEqual([executed]);
    expect(result).toBe(answer);
  });

  test('a tool without arguments', async () => {
    const { bodies } = await call({ request: { method: 'tools/call', params: { name: 'now' } } });
    expect(bodies).toMatchObject([{ tool: 'now', params: {} }]);
  });

  test('a failure only when asked, by its code and never by its message', async () => {
    const error = Object.assign(new Error('canary'), { code: 'timeout' });
    const next = async (): Promise<never> => {
      throw error;
    };
    expect(await call({ next })).toEqual({ bodies: [], dropped: [], result: error });
    const { bodies, result } = await call({ next, options: { events: ['tool_executed', 'tool_failed'] } });
    const { result: _result, ...rest } = executed;
    expect(bodies).toEqual([{ ...rest, event: 'tool_failed', error: { code: 'timeout' } }]);
    expect(result).toBe(error);
  });

  test.each([
    [new Error('canary'), undefined, 'error'],
    [AbortSignal.abort().reason, AbortSignal.abort(), 'cancelled'],
  ])('%s as %s', async (error, signal, code) => {
    const next = async (): Promise<never> => {
      throw error;
    };
    const { bodies } = await call({
      next,
      request: { ...request, options: { signal } },
      options: { events: ['tool_failed'] },
    });
    expect(bodies).toMatchObject([{ error: { code } }]);
  });

  test('nothing of other requests', async () => {
    expect((await call({ request: { method: 'resources/read', params: { uri: 'x' } } })).bodies).toEqual([]);
  });

  test('params as they were when the call was made', async () => {
    const given = { a: 1 };
    const next = async (): Promise<unknown> => Object.assign(given, { a: 2 });
    const { bodies } = await call({
      next,
      request: { method: 'tools/call', params: { name: 'add', arguments: given } },
    });
    expect(bodies).toMatchObject([{ params: { a: 1 } }]);
  });
});

describe('redact', () => {
  test('decides what is sent, and cannot change what the caller gets', async () => {
    const redact: ToolWebhookOptions['redact'] = (event) => {
      if (event.event === 'tool_executed') (event.result as typeof answer).content = [];
      return { ...event, params: 'hidden' };
    };
    const { bodies, result } = await call({ options: { redact } });
    expect(bodies).toMatchObject([{ params: 'hidden', result: { content: [] } }]);
    expect(result).toEqual({ content: [{ type: 'text', text: '3' }] });
  });

  test('may send nothing', async () => {
    expect(await call({ options: { redact: () => undefined } })).toMatchObject({ bodies: [], dropped: [] });
  });

  test.each(['redact', 'orderKey'] as const)('nothing is sent when %s throws, and that is told', async (name) => {
    const fail = (): never => {
      throw new Error('canary');
    };
    const { bodies, dropped, result } = await call({ options: { [name]: fail } });
    expect({ bodies, result }).toEqual({ bodies: [], result: answer });
    expect(dropped).toMatchObject([{ reason: 'callback_failed', isStored: false }]);
    expect(JSON.stringify(dropped)).not.toContain('canary');
  });
});

test('what cannot be written as JSON does not break the call, and is told', async () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const { result, dropped } = await call({ next: async () => circular });
  expect(result).toBe(circular);
  expect(dropped).toMatchObject([{ reason: 'body_invalid' }]);
});

test('8 MiB of result arrive as their size', async () => {
  const { bodies } = await call({ next: async () => ({ text: 'x'.repeat(2 ** 23) }) });
  expect(bodies).toMatchObject([{ result: { truncated: true, bytes: 2 ** 23 + 11 } }]);
});

test('a bound that leaves no room for anything is told', async () => {
  expect((await call({ options: { maxBodyBytes: 50 } })).dropped).toMatchObject([{ reason: 'body_too_large' }]);
});

test('events with one key arrive in the order in which their calls ended', async () => {
  const endpoint = await startEndpoint((count) => (count === 1 ? 503 : 200));
  const webhook = webhookOnToolExecution({ ...settings(endpoint), retryDelaysMs: [20], orderKey: ({ tool }) => tool });
  onTestFinished(() => webhook[Symbol.asyncDispose]());
  const observed = webhook(answers);
  for (const a of [1, 2, 3]) await observed({ method: 'tools/call', params: { name: 'add', arguments: { a } } });
  await webhook.sender.close();
  const order = endpoint.received.map(({ body }) => (JSON.parse(String(body)) as { params: { a: number } }).params.a);
  expect(order).toEqual([1, 1, 2, 3]);
});

test('no call waits for a receiver that is silent', async () => {
  const endpoint = await startEndpoint(() => undefined);
  const webhook = webhookOnToolExecution({ ...settings(endpoint), maxQueued: 10 });
  const observed = webhook(answers);
  for (let count = 0; count < 100; count += 1) expect(await observed(request)).toBe(answer);
  await webhook.sender.close({ graceMs: 10 });
  expect(await webhook.sender.deadLetters.ids()).toHaveLength(100);
});
