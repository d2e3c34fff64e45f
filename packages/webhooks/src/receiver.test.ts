import { describe, expect, expectTypeOf, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { bytesOf, now, secret, signed, timestamp, toolExecuted, type Signed } from '../test-support/signed.ts';
import {
  createReceiver,
  memoryStore,
  type ReceiverOptions,
  type ToolExecutedEvent,
  type WebhookError,
} from './index.ts';

const json = { 'content-type': 'application/json' };
const received = { status: 200, body: { status: 'received' } };

describe('createReceiver', () => {
  it('hands a verified event to its handler, and answers that it is received', async () => {
    const { answers, handled } = await receive(await signed());
    expect(answers).toEqual([received]);
    expect(handled).toEqual([[toolExecuted, { scheme: 'standard', id: 'msg_1', timestamp, name: 'tool_executed' }]]);
  });

  it.each([
    ['a header is missing', { 'webhook-signature': '' }],
    ['the signature is of something else', { 'webhook-id': 'msg_2' }],
    ['it is too old', { 'webhook-timestamp': String(timestamp - 301) }],
  ])('answers 401, always the same, when %s', async (_why, change) => {
    const { body, standard } = await signed();
    const { answers, handled, errors } = await receive({ body, headers: { ...standard, ...change } });
    expect(answers).toEqual([{ status: 401, body: { error: 'Invalid signature' } }]);
    expect(handled).toEqual([]);
    expect(errors).toHaveLength(1);
  });

  it.each([
    [405, { method: 'GET' }],
    [413, { body: new Uint8Array(262_145) }],
    [413, { headers: { ...json, 'content-length': '262145' } }],
    [415, { headers: { 'content-type': 'text/plain' } }],
    [415, { headers: { 'content-type': '' } }],
    [415, { headers: { ...json, 'content-encoding': 'gzip' } }],
    [401, { body: new Uint8Array(262_144) }],
    [401, { headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' } }],
    [401, { headers: { ...json, 'content-encoding': 'identity' } }],
    [500, { body: '{}' as unknown as Uint8Array }],
  ])('answers %s before it looks at the signature, to %o', async (status, change) => {
    const { receive: answer } = createReceiver({ secrets: secret, on: {}, onError: () => {} });
    const {
      headers = json,
      body = new Uint8Array(),
      method,
    } = { method: 'POST', ...change } as {
      headers?: Record<string, string>;
      body?: Uint8Array;
      method: string;
    };
    expect((await answer(headers, body, method)).status).toBe(status);
  });

  it('answers 400 to what is signed and is no event', async () => {
    const schemas = { tool_executed: z.custom<ToolExecutedEvent>(() => false) };
    for (const [delivery, options] of [
      [await signed(Buffer.from('{')), {}],
      [await signed(), { schemas }],
    ] as const) {
      const { answers, handled } = await receive(delivery, options);
      expect(answers).toEqual([{ status: 400, body: { error: 'Invalid payload' } }]);
      expect(handled).toEqual([]);
    }
  });

  it('acknowledges events that nobody handles', async () => {
    const { answers, handled } = await receive(await signed(bytesOf({ event: 'constructor' })));
    expect({ answers, handled }).toEqual({ answers: [received], handled: [] });
  });

  it.each(['event', 'type', 'name'])('takes the name of an event from "%s"', async (field) => {
    const names: (string | undefined)[] = [];
    const on = { '*': (_event: unknown, { name }: { name: string | undefined }) => void names.push(name) };
    await receive(await signed(bytesOf({ [field]: 'made_up' })), { on });
    expect(names).toEqual(['made_up']);
  });

  it('hands over the event of a tool call alike in the form of SEP-3415', async () => {
    const { event, timestamp: time, ...data } = toolExecuted;
    const { handled } = await receive(await signed(bytesOf({ eventId: 'evt_1', name: event, timestamp: time, data })));
    expect(handled).toMatchObject([[{ ...toolExecuted, eventId: 'evt_1' }, { name: 'tool_executed' }]]);
  });

  it('throws for options that cannot work, before any request', () => {
    expect(() => createReceiver({ secrets: [], on: {} })).toThrow(/secrets must hold a secret/);
    expect(() => createReceiver({ secrets: secret, on: {}, maxBodyBytes: 0 })).toThrow(/maxBodyBytes/);
    expect(() => createReceiver({ secrets: secret, on: {}, claimMs: Number.NaN })).toThrow(/claimMs/);
  });
});

describe('duplicates', () => {
  it('are acknowledged and not handled, whichever family of headers they come with', async () => {
    const { body, standard, mcp } = await signed();
    const { answers, handled } = await receive([
      { body, headers: standard },
      { body, headers: mcp },
    ]);
    expect(answers).toEqual([received, received]);
    expect(handled).toHaveLength(1);
  });

  it('are not made new by a subscription that is not signed', async () => {
    const { body, headers } = await signed(bytesOf({ ...toolExecuted, eventId: 'evt_1' }));
    const replay = { body, headers: { ...headers, 'x-mcp-subscription-id': 'made up' } };
    expect((await receive([{ body, headers }, replay])).handled).toHaveLength(1);
  });

  it('are messages of the same id, and not of the same body', async () => {
    expect((await receive([await signed(), await signed(bytesOf(toolExecuted), 'msg_2')])).handled).toHaveLength(2);
  });

  it('are found by what was signed, where nothing names the message', async () => {
    const legacy = { secrets: 'the secret of a vendor', schemes: ['mcp-legacy'] } as const;
    const body = bytesOf(toolExecuted);
    const headers = { 'x-mcp-signature': `sha256=${await hmacHex(legacy.secrets, body)}` };
    expect(
      (
        await receive(
          [
            { body, headers },
            { body, headers },
          ],
          legacy,
        )
      ).handled,
    ).toHaveLength(1);
  });

  it('are handled too, when they are not looked for', async () => {
    const delivery = await signed();
    expect((await receive([delivery, delivery], { dedupe: false })).handled).toHaveLength(2);
  });

  it('wait for the outcome of the first: 503 until it is done', async () => {
    const first = Promise.withResolvers<void>();
    const { body, headers } = await signed();
    const receiver = createReceiver({
      secrets: secret,
      now,
      on: { tool_executed: () => first.promise },
      onError: () => {},
    });
    const answer = receiver.receive({ ...json, ...headers }, body);
    const early = await receiver.receive({ ...json, ...headers }, body);
    expect(early).toMatchObject({ status: 503, headers: { 'retry-after': '60' } });
    first.resolve();
    expect((await answer).status).toBe(200);
    expect((await receiver.receive({ ...json, ...headers }, body)).status).toBe(200);
  });
});

describe('a handler that fails', () => {
  it('is answered with 503, and has the delivery again', async () => {
    const attempts: number[] = [];
    const on = {
      tool_executed: () => {
        attempts.push(attempts.length);
        if (attempts.length === 1) throw new Error('the database is down');
      },
    };
    const delivery = await signed();
    const { answers, errors } = await receive([delivery, delivery, delivery], { on });
    expect(answers).toEqual([{ status: 503, body: { error: 'Temporarily unavailable' } }, received, received]);
    expect(attempts).toHaveLength(2);
    expect(errors).toMatchObject([{ code: 'handler_failed', cause: { message: 'the database is down' } }]);
  });
});

describe('a store that fails', () => {
  const broken = () => Promise.reject(new Error('no connection'));

  it('lets no delivery through unseen: 503', async () => {
    const { answers, handled, errors } = await receive(await signed(), { dedupe: { ...memoryStore(), claim: broken } });
    expect(answers).toMatchObject([{ status: 503 }]);
    expect(handled).toEqual([]);
    expect(errors).toMatchObject([{ code: 'store_failed', cause: { message: 'no connection' } }]);
  });

  it('is reported, and does not undo what was handled', async () => {
    const { answers, handled, errors } = await receive(await signed(), { dedupe: { ...memoryStore(), done: broken } });
    expect({ answers, handled: handled.length }).toEqual({ answers: [received], handled: 1 });
    expect(errors).toMatchObject([{ code: 'store_failed' }]);
  });
});

describe('onError', () => {
  it('is the console by default, for what is not the fault of the sender', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => log.mockRestore());
    const { body, headers } = await signed();
    const on = { tool_executed: () => Promise.reject(new Error('the database is down')) };
    const receiver = createReceiver({ secrets: secret, now, on });
    await receiver.receive({ ...json, ...headers }, Buffer.from('changed'));
    expect(log).not.toHaveBeenCalled();
    await receiver.receive({ ...json, ...headers }, body);
    expect(log).toHaveBeenCalledWith(expect.objectContaining({ code: 'handler_failed' }));
  });

  it('does not decide the answer when it fails itself', async () => {
    const { body, standard } = await signed();
    const onError = () => {
      throw new Error('the log is full');
    };
    const log = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => log.mockRestore());
    const { answers } = await receive({ body, headers: { ...standard, 'webhook-id': 'msg_2' } }, { onError });
    expect(answers).toMatchObject([{ status: 401 }]);
    expect(log).toHaveBeenCalledWith(new Error('the log is full'));
  });
});

describe('types', () => {
  it('know tool_executed, and what schemas or a type argument say', async () => {
    createReceiver({
      secrets: secret,
      on: { tool_executed: (event) => expectTypeOf(event.tool).toEqualTypeOf<string>() },
    });
    createReceiver({
      secrets: secret,
      schemas: { order: z.object({ total: z.number() }) },
      on: {
        order: (event) => expectTypeOf(event).toEqualTypeOf<{ total: number }>(),
        tool_executed: (event) => expectTypeOf(event.tool).toEqualTypeOf<string>(),
        '*': (event) => expectTypeOf(event).toBeUnknown(),
      },
    });
    createReceiver<{ order: { id: number } }>({
      secrets: secret,
      on: { order: (event) => expectTypeOf(event).toEqualTypeOf<{ id: number }>() },
    });
    // @ts-expect-error: nobody said what a refund is.
    createReceiver({ secrets: secret, on: { refund: () => {} } });
  });
});

type Sent = Pick<Signed, 'body'> & { headers: Record<string, string> };

/** Sends deliveries one after the other to a receiver that notes what it hands on. */
async function receive(sent: Sent | Sent[], options: Partial<ReceiverOptions> = {}) {
  const handled: unknown[] = [];
  const errors: WebhookError[] = [];
  const receiver = createReceiver({
    secrets: secret,
    now,
    on: { tool_executed: (...handedOn) => void handled.push(handedOn) },
    onError: (error) => errors.push(error),
    ...options,
  });
  const answers: { status: number; body: unknown }[] = [];
  for (const { body, headers } of [sent].flat()) {
    const answer = await receiver.receive({ ...json, ...headers }, body);
    answers.push({ status: answer.status, body: JSON.parse(answer.body) });
  }
  return { answers, handled, errors };
}

async function hmacHex(key: string, body: Uint8Array): Promise<string> {
  const { createHmac } = await import('node:crypto');
  return createHmac('sha256', key).update(body).digest('hex');
}
