import { sign as githubSign, verify as githubVerify } from '@octokit/webhooks-methods';
import OpenAI from 'openai';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { bytesOf, otherSecret, secret, toolExecuted } from '../test-support/signed.ts';
import { signWebhook, verifySignature, verifyWebhook } from './index.ts';

// These packages have no clock to hand in: everything here happens now.
const text = JSON.stringify({ ...toolExecuted, result: 'ñ 😊' });
const body = Buffer.from(text);
const id = 'msg_interop';

/** Packages that sign and verify as Standard Webhooks has it. */
const standardPackages = [
  { name: 'standardwebhooks', create: (key: string) => new StandardWebhook(key) },
  { name: 'svix', create: (key: string) => new SvixWebhook(key) },
];

describe.each(standardPackages)('$name', ({ create }) => {
  it('accepts what we sign', async () => {
    const headers = await signWebhook(body, { id, secrets: secret });
    expect(() => create(secret).verify(text, headers)).not.toThrow();
  });

  it('accepts what we sign with a new secret and the old one', async () => {
    const headers = await signWebhook(body, { id, secrets: [otherSecret, secret] });
    expect(() => create(secret).verify(text, headers)).not.toThrow();
  });

  it('signs what we accept', async () => {
    const headers = signedBy(create(secret));
    const { event, ...verified } = await verifyWebhook(body, headers, { secrets: secret });
    expect(verified).toMatchObject({ scheme: 'standard', id });
    expect(event).toEqual(JSON.parse(text));
  });

  it('refuses what we sign with another secret, and we what it does', async () => {
    const headers = await signWebhook(body, { id, secrets: otherSecret });
    expect(() => create(secret).verify(text, headers)).toThrow('No matching signature');
    const failure = verifySignature(body, signedBy(create(otherSecret)), { secrets: secret });
    await expect(failure).rejects.toMatchObject({ code: 'signature_mismatch' });
  });
});

describe('openai', () => {
  const openai = new OpenAI({ apiKey: 'unused' });

  it('unwraps what we sign', async () => {
    const headers = await signWebhook(body, { id, secrets: secret });
    await expect(openai.webhooks.unwrap(text, headers, secret)).resolves.toEqual(JSON.parse(text));
  });

  it('refuses what we sign with another secret', async () => {
    const headers = await signWebhook(body, { id, secrets: otherSecret });
    await expect(openai.webhooks.unwrap(text, headers, secret)).rejects.toThrow(/signature/);
  });
});

describe('@octokit/webhooks-methods', () => {
  const token = 'It is a secret to everybody';

  it('signs what the scheme github accepts', async () => {
    const headers = { 'x-hub-signature-256': await githubSign(token, text), 'x-github-delivery': 'guid' };
    const options = { secrets: token, schemes: ['github'] } as const;
    await expect(verifySignature(body, headers, options)).resolves.toMatchObject({ scheme: 'github', id: 'guid' });
    const changed = bytesOf(toolExecuted);
    await expect(verifySignature(changed, headers, options)).rejects.toMatchObject({ code: 'signature_mismatch' });
  });

  it('verifies the MAC that we compute over the body alone', async () => {
    // The scheme signs nothing but the body; its MAC is ours where the text before the body is empty.
    const { importHmac } = await import('#platform');
    const mac = await importHmac(Buffer.from(token))('', body, 'hex');
    await expect(githubVerify(token, text, `sha256=${mac}`)).resolves.toBe(true);
    await expect(githubVerify('another secret', text, `sha256=${mac}`)).resolves.toBe(false);
  });
});

describe('a body with U+FFFD in the byte FF', () => {
  const honest = Buffer.from('{"tool":"\uFFFD"}');
  const forged = Buffer.from([...Buffer.from('{"tool":"'), 0xff, ...Buffer.from('"}')]);

  it('is refused here, whoever signed; decoded first, as their interfaces ask, it passes there', async () => {
    const headers = await signWebhook(honest, { id, secrets: secret });
    await expect(verifySignature(forged, headers, { secrets: secret })).rejects.toMatchObject({
      code: 'signature_mismatch',
    });
    for (const { create } of standardPackages) {
      expect(() => create(secret).verify(forged.toString(), headers)).not.toThrow();
    }
  });
});

function signedBy(webhook: { sign(id: string, timestamp: Date, payload: string): string }): Record<string, string> {
  const now = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': webhook.sign(id, now, text),
  };
}
