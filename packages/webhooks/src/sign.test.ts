import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { now, otherSecret, secret, signed, timestamp } from '../test-support/signed.ts';
import { generateSecret, signWebhook, verifySignature } from './index.ts';

describe('signWebhook', () => {
  it('writes the same MAC in both families', async () => {
    const headers = await signWebhook('{"a":1}', { id: 'msg_1', secrets: secret, now });
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const mac = createHmac('sha256', key).update(`msg_1.${timestamp}.{"a":1}`).digest();
    expect(headers).toEqual({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${mac.toString('base64')}`,
      'x-mcp-signature': `t=${timestamp},id=msg_1,v1=${mac.toString('hex')}`,
    });
  });

  it('signs with every secret, so that a receiver of either accepts', async () => {
    const { body } = await signed();
    const headers = await signWebhook(body, { id: 'msg_1', secrets: [secret, otherSecret], timestamp });
    for (const secrets of [secret, otherSecret]) {
      for (const schemes of [['standard'], ['mcp']] as const) {
        await expect(verifySignature(body, headers, { secrets, schemes, now })).resolves.toMatchObject({ id: 'msg_1' });
      }
    }
  });

  it('signs 1 MB', async () => {
    const { body, headers, options } = await signed(new Uint8Array(1_000_000).fill(120));
    await expect(verifySignature(body, headers, options)).resolves.toMatchObject({ id: 'msg_1' });
  });

  it.each([
    ['an id with a dot', { id: 'msg.1' }, 'invalid_options'],
    ['an id with a line break', { id: 'msg_1\r\nx: y' }, 'invalid_options'],
    ['an empty id', { id: '' }, 'invalid_options'],
    ['a timestamp with a fraction', { timestamp: 1.5 }, 'invalid_options'],
    ['a timestamp that is no number', { timestamp: Number.NaN }, 'invalid_options'],
    ['a text as secret', { secrets: 'a text of thirty-two bytes, no base64' }, 'invalid_secret'],
    ['a missing secret', { secrets: undefined as never }, 'invalid_secret'],
  ])('refuses %s', async (_name, options, code) => {
    await expect(signWebhook('', { id: 'msg_1', secrets: secret, ...options })).rejects.toMatchObject({ code });
  });
});

describe('generateSecret', () => {
  it('makes another good secret each time', async () => {
    const secrets = [generateSecret(), generateSecret()];
    expect(new Set(secrets).size).toBe(2);
    expect(secrets[0]).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await expect(signWebhook('', { id: 'msg_1', secrets })).resolves.toBeDefined();
  });
});
