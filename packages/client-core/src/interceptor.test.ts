import { expect, test } from 'vitest';
import { intercept, type Interceptor, type McpRequest } from './interceptor.ts';

const request: McpRequest = { method: 'tools/call', params: { name: 'a' }, options: {} };

test('the first interceptor is the outermost', async () => {
  const order: string[] = [];
  const named =
    (name: string): Interceptor =>
    (next) =>
    async (call) => {
      order.push(`${name} in`);
      const result = await next(call);
      order.push(`${name} out`);
      return result;
    };
  const handler = intercept([named('first'), named('second')], async () => order.push('call'));
  await handler(request);
  expect(order).toEqual(['first in', 'second in', 'call', 'second out', 'first out']);
});

test('without interceptors a call goes straight through', async () => {
  const innermost = async (call: McpRequest): Promise<unknown> => call;
  expect(await intercept([], innermost)(request)).toBe(request);
});

test.each<[string, Interceptor, unknown, number]>([
  ['answer', () => async () => 'mine', 'mine', 0],
  ['change what is asked', (next) => (call) => next({ ...call, params: { name: 'b' } }), 'answer to b', 1],
  ['change the answer', (next) => async (call) => `${String(await next(call))}!`, 'answer to a!', 1],
  ['ask again', (next) => async (call) => [await next(call), await next(call)], ['answer to a', 'answer to a'], 2],
])('an interceptor may %s', async (_title, interceptor, expected, calls) => {
  let asked = 0;
  const handler = intercept([interceptor], async ({ params }) => {
    asked++;
    return `answer to ${String(params['name'])}`;
  });
  expect(await handler(request)).toEqual(expected);
  expect(asked).toBe(calls);
});

test('an interceptor may refuse, and may turn a failure into an answer', async () => {
  const refuse: Interceptor = () => () => Promise.reject(new Error('not today'));
  const rescue: Interceptor = (next) => (call) => next(call).catch((error: Error) => `rescued: ${error.message}`);
  const innermost = async (): Promise<unknown> => 'answer';
  await expect(intercept([refuse], innermost)(request)).rejects.toThrow('not today');
  expect(await intercept([rescue, refuse], innermost)(request)).toBe('rescued: not today');
});
