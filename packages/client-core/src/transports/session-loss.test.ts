import { expect, test } from 'vitest';
import { isSessionLoss } from './session-loss.ts';

const rpc = (message: string): string => JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32000, message } });

test.each([
  [404, ''],
  [404, 'anything at all'],
  [400, rpc('Bad Request: Server not initialized')],
  [400, rpc('Bad Request: No valid session ID provided')],
  [400, rpc('Session not found')],
  [400, rpc('Session ID is invalid')],
  [400, rpc('Session expired')],
  [400, rpc('Session has been terminated')],
  [400, 'Invalid or missing session ID'],
  [400, 'No transport found for sessionId'],
  [400, 'Invalid session ID'],
])('%i with %j is a dead session', (status, body) => {
  expect(isSessionLoss(status, body)).toBe(true);
});

test.each([
  [400, rpc('Invalid params')],
  [400, ''],
  [401, rpc('Session expired')],
  [500, rpc('Session not found')],
  [503, 'not initialized'],
  [200, rpc('Server not initialized')],
])('%i with %j is none', (status, body) => {
  expect(isSessionLoss(status, body)).toBe(false);
});
