import { describe, expect, test } from 'vitest';
import { answer, capabilitiesOf, type Handlers } from './handlers.ts';
import type { JsonObject } from './protocol/jsonrpc.ts';

const { signal } = new AbortController();
const ask = (handlers: Handlers, method: string, params: JsonObject = {}): Promise<unknown> =>
  answer(handlers, method, params, signal);

const elicitation: Handlers['elicitation'] = () => ({ action: 'decline' });
const sampling: Handlers['sampling'] = async () => ({
  role: 'assistant',
  model: 'm',
  content: { type: 'text', text: '' },
});

describe('capabilities', () => {
  test.each<[Handlers, object]>([
    [{}, {}],
    [{ sampling }, { sampling: {} }],
    [{ elicitation }, { elicitation: { form: {}, url: {} } }],
    [{ roots: [] }, { roots: {} }],
    [
      { sampling, elicitation, roots: () => [] },
      { sampling: {}, elicitation: { form: {}, url: {} }, roots: {} },
    ],
  ])('of %j', (handlers, expected) => {
    expect(capabilitiesOf(handlers)).toEqual(expected);
  });

  test('are what the caller says where he says something', () => {
    expect(capabilitiesOf({ roots: [] }, { roots: { listChanged: true }, experimental: { x: {} } })).toEqual({
      roots: { listChanged: true },
      experimental: { x: {} },
    });
  });
});

describe('a request of the server', () => {
  test('for a ping is answered by everyone', async () => {
    expect(await ask({}, 'ping')).toEqual({});
  });

  test('that no other handler answers reaches the one for requests, with its words untouched', async () => {
    const asked: unknown[] = [];
    const request: Handlers['request'] = async (method, params) => {
      asked.push([method, params]);
      return { answered: method };
    };
    expect(await ask({ request, roots: [] }, 'roots/list')).toEqual({ roots: [] });
    expect(await ask({ request }, 'ping')).toEqual({});
    expect(await ask({ request }, 'elicitation/create', { message: 'm' })).toEqual({ answered: 'elicitation/create' });
    expect(asked).toEqual([['elicitation/create', { message: 'm' }]]);
    expect(capabilitiesOf({ request })).toEqual({});
  });

  test('for roots is answered by a list, or by whoever makes one', async () => {
    const roots = [{ uri: 'file:///a' }];
    for (const given of [roots, () => roots, async () => roots])
      expect(await ask({ roots: given }, 'roots/list')).toEqual({ roots });
  });

  test('reaches its handler as it was asked, with the signal', async () => {
    const seen: unknown[] = [];
    const handlers: Handlers = {
      sampling: async (params, context) => {
        seen.push(params, context.signal);
        return { role: 'assistant', model: 'm', content: { type: 'text', text: 'hi' } };
      },
    };
    expect(await ask(handlers, 'sampling/createMessage', { messages: [], odd: 1 })).toMatchObject({ model: 'm' });
    expect(seen).toEqual([{ messages: [], odd: 1 }, signal]);
  });

  test.each([['roots/list'], ['sampling/createMessage'], ['elicitation/create'], ['constructor'], ['tools/list']])(
    '%s is refused where nobody handles it',
    async (method) => {
      await expect(ask({}, method)).rejects.toMatchObject({
        rpcCode: -32601,
        message: expect.stringContaining(method),
      });
    },
  );
});

describe('an answered form', () => {
  const requestedSchema = {
    type: 'object',
    properties: { name: { type: 'string', default: 'nobody' }, age: { type: 'integer', default: 7 }, city: {} },
  };

  test.each<[JsonObject, JsonObject]>([
    [
      { action: 'accept', content: { name: 'me' } },
      { action: 'accept', content: { name: 'me', age: 7 } },
    ],
    [{ action: 'accept' }, { action: 'accept', content: { name: 'nobody', age: 7 } }],
    [
      { action: 'accept', content: { age: 0 } },
      { action: 'accept', content: { name: 'nobody', age: 0 } },
    ],
    [{ action: 'decline' }, { action: 'decline' }],
    [{ action: 'cancel' }, { action: 'cancel' }],
  ])('%j is filled with the defaults of its schema', async (result, expected) => {
    const handlers = { elicitation: () => result } as unknown as Handlers;
    expect(await ask(handlers, 'elicitation/create', { requestedSchema })).toEqual(expected);
  });

  test('of a page to visit has none', async () => {
    const handlers: Handlers = { elicitation: async () => ({ action: 'accept' }) };
    expect(await ask(handlers, 'elicitation/create', { mode: 'url' })).toEqual({ action: 'accept' });
  });
});
