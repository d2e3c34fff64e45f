import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isLenientTwin, mutate, seededDice, type SignedRequest } from '../test-support/mutate.ts';
import { bytesOf, now, secret, timestamp, toolExecuted } from '../test-support/signed.ts';
import { isWebhookError, signWebhook, verifySignature, type SchemeName } from './index.ts';

interface Target {
  readonly scheme: SchemeName;
  readonly secret: string;
  readonly request: SignedRequest;
}

const mutants = 100_000;
const body = bytesOf({ ...toolExecuted, result: 'ñ 😊 \uFFFD \uFFFD' });
const targets = await signedByAll();

describe(`of ${mutants} requests that were signed and then changed`, () => {
  it('none is accepted, and each is refused with a code', { timeout: 90_000 }, async () => {
    const dice = seededDice(20_261_121);
    const codes = new Map<string, number>();
    let forgeries = 0;
    for (let count = 0; count < mutants; count++) {
      const target = targets[count % targets.length];
      if (target === undefined) throw new Error('There is no target');
      const mutant = mutate(target.request, dice);
      if (isLenientTwin(target.request, mutant)) forgeries++;
      const verdict = await verdictOf(target, mutant);
      if (verdict === 'accepted') expect.fail(`${target.scheme} accepts ${JSON.stringify(mutant)}`);
      codes.set(verdict, (codes.get(verdict) ?? 0) + 1);
    }
    expect(forgeries).toBeGreaterThan(mutants / 20);
    expect([...codes.keys()].toSorted()).toEqual([
      'malformed_header',
      'no_supported_signature',
      'signature_mismatch',
      'timestamp_malformed',
      'timestamp_too_new',
      'timestamp_too_old',
    ]);
  });

  it.each(targets)('the original is accepted: $scheme', async (target) => {
    expect(await verdictOf(target, target.request)).toBe('accepted');
  });
});

async function verdictOf(target: Target, { body: bytes, headers }: SignedRequest): Promise<string> {
  const options = { secrets: target.secret, schemes: [target.scheme], now };
  try {
    await verifySignature(bytes, headers, options);
    return 'accepted';
  } catch (error) {
    if (isWebhookError(error)) return error.code;
    throw error;
  }
}

async function signedByAll(): Promise<Target[]> {
  const { 'x-mcp-signature': mcp, ...standard } = await signWebhook(body, { id: 'msg_1', secrets: secret, timestamp });
  const text = 'the secret of a vendor';
  const hmac = (prefix: string) => createHmac('sha256', text).update(prefix).update(body);
  const hex = (prefix: string) => hmac(prefix).digest('hex');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signature = sign(null, Buffer.concat([Buffer.from(`msg_1.${timestamp}.`), body]), privateKey).toString(
    'base64',
  );
  const whpk = `whpk_${publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')}`;
  const headersBy: Partial<Record<SchemeName, SignedRequest['headers']>> = {
    'mcp-draft': { 'x-mcp-signature': `sha256=${hex(`${timestamp}.`)}`, 'x-mcp-timestamp': String(timestamp) },
    'mcp-legacy': { 'x-mcp-signature': `sha256=${hex('')}` },
    github: { 'x-hub-signature-256': `sha256=${hex('')}` },
    slack: { 'x-slack-signature': `v0=${hex(`v0:${timestamp}:`)}`, 'x-slack-request-timestamp': String(timestamp) },
    stripe: { 'stripe-signature': `t=${timestamp},v1=${hex(`${timestamp}.`)}` },
    shopify: { 'x-shopify-hmac-sha256': hmac('').digest('base64') },
  };
  return [
    { scheme: 'standard', secret, request: { body, headers: standard } },
    { scheme: 'mcp', secret, request: { body, headers: { 'x-mcp-signature': mcp } } },
    {
      scheme: 'standard-v1a',
      secret: whpk,
      request: { body, headers: { ...standard, 'webhook-signature': `v1a,${signature}` } },
    },
    ...Object.entries(headersBy).map(([scheme, headers]) => ({
      scheme: scheme as SchemeName, // Object.entries forgets the type of keys.
      secret: text,
      request: { body, headers },
    })),
  ];
}
