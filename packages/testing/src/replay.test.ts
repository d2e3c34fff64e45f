import type { JSONRPCMessage } from '@toolwire/client-core';
import { expect, it } from 'vitest';
import type { Recording } from './recording.ts';
import { replayTransport, type ReplayOptions } from './replay.ts';

const subscription = 'io.modelcontextprotocol/subscriptionId';

/** What a client gets that sends `messages` to a replay of `recording`. */
function answers(recording: Recording, ...messages: object[]): Promise<JSONRPCMessage[]> {
  return answersWith({}, recording, ...messages);
}

async function answersWith(
  options: ReplayOptions,
  recording: Recording,
  ...messages: object[]
): Promise<JSONRPCMessage[]> {
  const received: JSONRPCMessage[] = [];
  const transport = replayTransport(recording, options);
  transport.onmessage = (message) => void received.push(message);
  await transport.start();
  for (const message of messages) await transport.send({ jsonrpc: '2.0', ...message } as JSONRPCMessage);
  await transport.close();
  return received;
}

function recorded(...messages: [from: 'client' | 'server', message: object][]): Recording {
  return {
    version: 1,
    messages: messages.map(([from, message]) => ({ from, message: { jsonrpc: '2.0', ...message } as JSONRPCMessage })),
  };
}

it('what the server sent on a subscription names the subscription of the client', async () => {
  const change = { method: 'notifications/tools/list_changed', params: { _meta: { [subscription]: '4' } } };
  const listen = { method: 'subscriptions/listen', params: { notifications: { toolsListChanged: true } } };
  const recording = recorded(
    ['client', { id: 4, ...listen }],
    ['client', { id: 5, method: 'ping' }],
    ['server', change],
    ['server', { id: 5, result: {} }],
  );
  expect(await answers(recording, { id: 'nine', ...listen })).toEqual([
    { jsonrpc: '2.0', method: change.method, params: { _meta: { [subscription]: 'nine' } } },
  ]);
});

it('progress belongs to the token of the client', async () => {
  const call = (progressToken: number): object => ({
    method: 'tools/call',
    params: { name: 'a', _meta: { progressToken } },
  });
  const recording = recorded(
    ['client', { id: 1, ...call(1) }],
    ['server', { method: 'notifications/progress', params: { progressToken: 1, progress: 5 } }],
    ['server', { id: 1, result: { content: [] } }],
  );
  expect(await answers(recording, { id: 70, ...call(70) })).toMatchObject([
    { params: { progressToken: 70, progress: 5 } },
    { id: 70, result: { content: [] } },
  ]);
});

it('what the server says first is played at the start', async () => {
  const hello = { method: 'notifications/message', params: { level: 'info', data: 'hello' } };
  expect(await answers(recorded(['server', hello]))).toMatchObject([hello]);
});

it('a method that was never recorded is one that the server does not know', async () => {
  expect(await answers(recorded(), { id: 1, method: 'ping' })).toMatchObject([
    { id: 1, error: { code: -32601, message: 'ping {} was not recorded' } },
  ]);
});

it('notifications of the client need not be recorded', async () => {
  expect(await answers(recorded(), { method: 'notifications/cancelled', params: { requestId: 1 } })).toEqual([]);
});

const callOf = (id: number, args: object): object => ({
  id,
  method: 'tools/call',
  params: { name: 'a', arguments: args, _meta: { progressToken: id } },
});

it('with `repeat`, what is asked once more is answered as it was last, progress included', async () => {
  const recording = recorded(
    ['client', callOf(1, {})],
    ['server', { id: 1, result: { content: ['first'] } }],
    ['client', callOf(2, {})],
    ['server', { method: 'notifications/progress', params: { progressToken: 2, progress: 5 } }],
    ['server', { id: 2, result: { content: ['second'] } }],
  );
  const asked = [callOf(10, {}), callOf(11, {}), callOf(12, {}), callOf(13, { other: true })];
  expect(await answersWith({ repeat: true }, recording, ...asked)).toMatchObject([
    { id: 10, result: { content: ['first'] } },
    { params: { progressToken: 11 } },
    { id: 11, result: { content: ['second'] } },
    { params: { progressToken: 12 } },
    { id: 12, result: { content: ['second'] } },
    { id: 13, error: { code: -32602 } },
  ]);
});

it.each([
  ['Bearer [redacted]', 'Bearer abc', true],
  ['Bearer [redacted]', 'Basic abc', false],
  ['[redacted]:[redacted]@host', 'ada:pw@host', true],
  ['[redacted]:[redacted]@host', 'ada@host', false],
  ['a[redacted]a', 'a', false],
])('where %j was recorded, %j fits: %s', async (token, sent, isAnswered) => {
  const recording = recorded(
    ['client', callOf(1, { login: [{ token }] })],
    ['server', { id: 1, result: { content: [] } }],
  );
  const [answer] = await answers(recording, callOf(5, { login: [{ token: sent }] }));
  expect(answer).toHaveProperty(isAnswered ? 'result' : 'error');
});
