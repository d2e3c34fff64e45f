import { expect, test } from 'vitest';
import { expandParallelCalls } from './parallel-calls.ts';
import type { ModelCall } from './types.ts';

function call(name: string, args: unknown): ModelCall {
  return { id: 'call_1', name, arguments: JSON.stringify(args) };
}

const uses = {
  tool_uses: [
    { recipient_name: 'functions.get_weather', parameters: { city: 'Rome' } },
    { recipient_name: 'get_time', parameters: '{"zone":"CET"}' },
    { recipient_name: 'functions.now' },
  ],
};

test.each(['parallel', 'multi_tool_use.parallel', 'multi_tool_use_parallel'])('takes a call of %s apart', (name) => {
  const other = call('get_weather', {});
  expect(expandParallelCalls([other, call(name, uses)], () => false)).toEqual([
    other,
    { id: 'call_1:0', name: 'get_weather', arguments: '{"city":"Rome"}', parentId: 'call_1' },
    { id: 'call_1:1', name: 'get_time', arguments: '{"zone":"CET"}', parentId: 'call_1' },
    { id: 'call_1:2', name: 'now', arguments: '{}', parentId: 'call_1' },
  ]);
});

test('leaves a tool alone that is really named so', () => {
  const calls = [call('parallel', uses)];
  expect(expandParallelCalls(calls, (name) => name === 'parallel')).toEqual(calls);
});

test.each([
  {},
  { tool_uses: [] },
  { tool_uses: 'all' },
  { tool_uses: [{ parameters: {} }] },
  { tool_uses: [null] },
  null,
])('leaves a call alone that it cannot read: %j', (args) => {
  const calls = [call('parallel', args)];
  expect(expandParallelCalls(calls, () => false)).toEqual(calls);
});

test('leaves a call alone whose arguments are no JSON', () => {
  const calls = [{ ...call('parallel', {}), arguments: '{"tool_uses":[' }];
  expect(expandParallelCalls(calls, () => false)).toEqual(calls);
});
