import assert from 'node:assert/strict';
import { connect } from '@toolwire/client-core';
import { signTestDelivery } from '@toolwire/testing/webhooks';
import { generateSecret } from '@toolwire/webhooks';
import { webhookOnToolExecution, type ToolEvent } from '@toolwire/webhooks/sender';
import { startReceiver } from './receiver.ts';

const secret = generateSecret(); // In a real program: from the environment, on both sides.
await using receiver = await startReceiver(secret);

console.log('A client calls a tool, and the receiver hears of it:');
const webhook = webhookOnToolExecution({
  url: receiver.url,
  secrets: secret,
  allowLoopback: true, // http, to this machine: only for a demonstration
  redact: (event: ToolEvent) => ({ ...event, params: { sql: '(hidden)' } }),
});
await using client = await connect({ command: 'npx', args: ['@toolwire/demo-server'] }, { interceptors: [webhook] });
const result = await client.callTool('execute_sql_query', { sql: 'SELECT COUNT(*) AS users FROM users' });
await webhook.sender.close(); // Delivers what is still on its way.

assert.equal(receiver.events.length, 1);
const [event] = receiver.events;
assert.deepEqual(
  { tool: event?.tool, params: event?.params, result: event?.result },
  { tool: 'execute_sql_query', params: { sql: '(hidden)' }, result: result.raw },
);

console.log('Who does not know the secret is refused:');
const forged = await signTestDelivery(event, { secrets: generateSecret(), url: receiver.url });
assert.equal((await fetch(forged.request())).status, 401);

console.log('So is a delivery that was changed on its way, or kept for later:');
const real = await signTestDelivery({ ...event, eventId: 'evt_1' }, { secrets: secret, url: receiver.url });
const body = new TextDecoder().decode(real.body).replace('(hidden)', '(forged)');
assert.equal((await fetch(receiver.url, { method: 'POST', headers: real.headers, body })).status, 401);
const anHourAgo = Math.floor(Date.now() / 1000) - 3600;
const old = await signTestDelivery(event, { secrets: secret, url: receiver.url, timestamp: anHourAgo });
assert.equal((await fetch(old.request())).status, 401);
assert.deepEqual(receiver.refusals, ['signature_mismatch', 'signature_mismatch', 'timestamp_too_old']);

console.log('A delivery that comes twice is handled once:');
assert.equal((await fetch(real.request())).status, 200);
assert.equal((await fetch(real.request())).status, 200);
assert.equal(receiver.events.length, 2);
