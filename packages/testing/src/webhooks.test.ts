import { createReceiver, generateSecret, type WebhookErrorCode } from '@toolwire/webhooks';
import { expect, test } from 'vitest';
import { signTestDelivery } from './webhooks.ts';

const secrets = generateSecret();
const event = { event: 'tool_executed', tool: 'add', params: {}, result: 3, timestamp: '2026-11-21T12:00:00.000Z' };

/** A receiver, the events that it took and the codes of what it refused. */
function receiver(): { receive: ReturnType<typeof createReceiver>; events: unknown[]; refused: WebhookErrorCode[] } {
  const events: unknown[] = [];
  const refused: WebhookErrorCode[] = [];
  const on = { tool_executed: (received: unknown) => void events.push(received) };
  const receive = createReceiver({ secrets, on, onError: ({ code }) => void refused.push(code) });
  return { receive, events, refused };
}

test('a receiver takes a test delivery, and the second of one id as a duplicate', async () => {
  const { receive, events } = receiver();
  const { request } = await signTestDelivery(event, { secrets });
  for (const each of [request(), request()]) expect((await receive(each)).status).toBe(200);
  expect(events).toEqual([event]);
});

test('headers and body serve receivers without Web requests', async () => {
  const { receive, events } = receiver();
  const { headers, body } = await signTestDelivery(JSON.stringify(event), { secrets, id: 'evt_1' });
  expect(headers['webhook-id']).toBe('evt_1');
  expect((await receive.receive(headers, body)).status).toBe(200);
  expect(events).toEqual([event]);
});

const old = Math.floor(Date.now() / 1000) - 301;

test.each([
  ['one that is too old', event, { secrets, timestamp: old }, 401, 'timestamp_too_old'],
  ['one of somebody else', event, { secrets: generateSecret() }, 401, 'signature_mismatch'],
  ['what is no JSON', '{"a":', { secrets }, 400, 'invalid_payload'],
  ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), { secrets }, 400, 'invalid_payload'],
] as const)('shows how a receiver takes %s', async (_what, body, options, status, code) => {
  const { receive, events, refused } = receiver();
  const { request } = await signTestDelivery(body, options);
  expect((await receive(request())).status).toBe(status);
  expect({ events, refused }).toEqual({ events: [], refused: [code] });
});
