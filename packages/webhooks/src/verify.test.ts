import { createHmac } from 'node:crypto';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { bytesOf, now, otherSecret, secret, signed, timestamp, toolExecuted } from '../test-support/signed.ts';
import {
  signWebhook,
  verifySignature,
  verifyWebhook,
  type ToolExecutedEvent,
  type VerifyOptions,
  type WebhookScheme,
} from './index.ts';

describe('verifyWebhook', () => {
  it('returns the event, and what the signature vouches for', async () => {
    const { body, headers, options } = await signed();
    const verified = await verifyWebhook<ToolExecutedEvent>(body, headers, options);
    expect(verified).toEqual({ scheme: 'standard', id: 'msg_1', timestamp, event: toolExecuted });
    expectTypeOf(verified.event).toEqualTypeOf<ToolExecutedEvent>();
  });

  it('returns what a Standard Schema makes of the event', async () => {
    const { body, headers, options } = await signed();
    const schema = z.object({ tool: z.string().transform((tool) => tool.length) });
    const { event } = await verifyWebhook(body, headers, { ...options, schema });
    expect(event).toEqual({ tool: 13 });
    expectTypeOf(event).toEqualTypeOf<{ tool: number }>();
  });

  it('names the place where a signed body does not fit its schema, and not what is there', async () => {
    const { body, headers, options } = await signed();
    const schema = z.object({ params: z.object({ title: z.number() }) });
    const failure = verifyWebhook(body, headers, { ...options, schema });
    await expect(failure).rejects.toMatchObject({
      code: 'invalid_payload',
      message: expect.stringMatching(/at params\.title$/),
    });
  });

  it.each([
    ['no JSON', '{"event":'],
    ['nothing', ''],
    ['JSON after a byte order mark', '\uFEFF{}'],
    ['JSON that is not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('refuses a signed body that holds %s', async (_name, content) => {
    const { body, headers, options } = await signed(typeof content === 'string' ? Buffer.from(content) : content);
    await expect(verifyWebhook(body, headers, options)).rejects.toMatchObject({ code: 'invalid_payload' });
    await expect(verifySignature(body, headers, options)).resolves.toMatchObject({ id: 'msg_1' });
  });

  it.each([
    ['a string', '{}'],
    ['a parsed object', {}],
    ['nothing', undefined],
  ])('refuses %s in place of the bytes, and says what it needs', async (_name, body) => {
    const { headers, options } = await signed();
    const failure = verifyWebhook(body as unknown as Uint8Array, headers, options);
    await expect(failure).rejects.toMatchObject({
      code: 'body_not_raw',
      message: expect.stringMatching(/Uint8Array.*arrayBuffer\(\)/),
    });
  });
});

describe('the clock', () => {
  const at = async (seconds: number, options: Partial<VerifyOptions> = {}) => {
    const { body, headers } = await signed();
    const clock = () => (timestamp + seconds) * 1000;
    return verifySignature(body, headers, { secrets: secret, now: clock, ...options });
  };

  it.each([-300, 0, 300, 300.9])('accepts a signature %s s after it was made', async (seconds) => {
    await expect(at(seconds)).resolves.toMatchObject({ timestamp });
  });

  it.each([
    [301, 'timestamp_too_old'],
    [-301, 'timestamp_too_new'],
    [1e9, 'timestamp_too_old'],
  ])('refuses one %s s after: %s', async (seconds, code) => {
    await expect(at(seconds)).rejects.toMatchObject({ code });
  });

  it('takes a tolerance of 0 as that very second, and not as no check', async () => {
    await expect(at(0, { toleranceSeconds: 0 })).resolves.toMatchObject({ timestamp });
    await expect(at(1, { toleranceSeconds: 0 })).rejects.toMatchObject({ code: 'timestamp_too_old' });
  });

  it.each([Infinity, Number.NaN, -1])('refuses a tolerance of %s', async (toleranceSeconds) => {
    await expect(at(0, { toleranceSeconds })).rejects.toMatchObject({ code: 'invalid_options' });
  });

  it.each(['1795253400abc', '+1795253400', '1795253400.0', '0x6b014ed8', '1e9', 'abc', '-1', '', '1795253400000000'])(
    'refuses "%s" as a timestamp, even signed',
    async (text) => {
      const { body, options } = await signed();
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const mac = createHmac('sha256', key).update(`msg_1.${text}.`).update(body).digest('base64');
      const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': text, 'webhook-signature': `v1,${mac}` };
      await expect(verifySignature(body, headers, options)).rejects.toMatchObject({ code: 'timestamp_malformed' });
    },
  );
});

describe('headers', () => {
  it.each(['Headers', 'a record in any case'])('are read from %s', async (kind) => {
    const { body, standard, options } = await signed();
    const shouted = Object.fromEntries(Object.entries(standard).map(([name, value]) => [name.toUpperCase(), value]));
    const headers = kind === 'Headers' ? new Headers(standard) : shouted;
    await expect(verifySignature(body, headers, options)).resolves.toMatchObject({ scheme: 'standard' });
  });

  const doubled: [string, (headers: Record<string, string>) => Record<string, string | string[]>][] = [
    ['an id twice', (headers) => ({ ...headers, 'webhook-id': 'msg_0, msg_1' })],
    ['a timestamp twice', (headers) => ({ ...headers, 'webhook-timestamp': `${timestamp}, ${timestamp}` })],
    ['a signature twice', (headers) => joined(headers, 'webhook-signature')],
    ['names that differ in case', (headers) => ({ ...headers, 'Webhook-Id': 'msg_1' })],
    ['an array', (headers) => ({ ...headers, 'webhook-id': ['msg_1'] })],
    [
      'an array of two',
      (headers) => ({ ...headers, 'webhook-signature': ['v1,', headers['webhook-signature'] ?? ''] }),
    ],
    ['no id', (headers) => ({ ...headers, 'webhook-id': '' })],
    ['an id with a dot', (headers) => ({ ...headers, 'webhook-id': 'msg.1' })],
    [
      'more signatures than a rotation needs',
      (headers) => ({ ...headers, 'webhook-signature': 'v1,AA== '.repeat(17) }),
    ],
  ];

  it.each(doubled)('are refused with %s', async (_name, change) => {
    const { body, standard, options } = await signed();
    const code = expect.stringMatching(/^(malformed_header|timestamp_malformed)$/);
    await expect(verifySignature(body, change(standard), options)).rejects.toMatchObject({ code });
  });

  it('are refused when Fetch has joined two of them', async () => {
    const { body, mcp, options } = await signed();
    const headers = new Headers(mcp);
    headers.append('x-mcp-signature', mcp['x-mcp-signature'] ?? '');
    await expect(verifySignature(body, headers, options)).rejects.toMatchObject({ code: 'malformed_header' });
  });
});

describe('secrets', () => {
  const withSecrets = async (secrets: unknown, schemes?: VerifyOptions['schemes']) => {
    const { body, headers } = await signed();
    return verifySignature(body, headers, { secrets: secrets as VerifyOptions['secrets'], schemes, now });
  };

  it('are tried one and all', async () => {
    await expect(withSecrets([otherSecret, secret])).resolves.toMatchObject({ scheme: 'standard' });
    await expect(withSecrets([otherSecret])).rejects.toMatchObject({ code: 'signature_mismatch' });
  });

  it('may be any text of 24 bytes, when it is marked raw', async () => {
    const secrets = { secret: 'a text of thirty-two bytes, no base64', raw: true } as const;
    const body = bytesOf({});
    const headers = await signWebhook(body, { id: 'msg_1', secrets, timestamp });
    await expect(verifySignature(body, headers, { secrets, now })).resolves.toMatchObject({ id: 'msg_1' });
  });

  it.each([
    ['a missing one', undefined, /environment variable/],
    ['none', [], /environment variable/],
    ['an empty one', '', /fits none of the schemes/],
    ['a text that is not marked raw', 'a text of thirty-two bytes, no base64', /whsec_/],
    ['one that is not said to be raw', { secret: 'a text of thirty-two bytes, no base64' }, /environment variable/],
    ['a short raw one', { secret: 'short', raw: true }, /has 5 bytes; it needs at least 24/],
    ['a short whsec_ one', 'whsec_AAAA', /has 3 bytes; it needs 24 to 64/],
    ['a whsec_ one that is not base64', 'whsec_!!!', /not base64/],
    ['one more that fits no scheme', [secret, 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='], /fits none/],
  ])('are refused when there is %s', async (_name, secrets, message) => {
    await expect(withSecrets(secrets)).rejects.toMatchObject({ code: 'invalid_secret', message });
  });

  it('never take a public key for a secret text', async () => {
    const failure = withSecrets('whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=', ['github']);
    await expect(failure).rejects.toMatchObject({ code: 'invalid_secret' });
  });

  it('are not in the message of any error', async () => {
    const failures = await Promise.all(
      [otherSecret, 'whsec_AAAA', [secret, 'my secret text']].map((secrets) =>
        withSecrets(secrets).catch((error: unknown) => String(error)),
      ),
    );
    for (const failure of failures) expect(failure).not.toMatch(/AAAA|ISIj|AQID|my secret/);
  });
});

describe('schemes', () => {
  it('of a header that is there decide, whatever the next header says', async () => {
    const { body, headers, options } = await signed();
    const unknownVersion = { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1,', 'v0,') };
    await expect(verifySignature(body, unknownVersion, options)).rejects.toMatchObject({
      code: 'no_supported_signature',
    });
    await expect(verifySignature(body, unknownVersion, { ...options, schemes: ['mcp'] })).resolves.toBeDefined();
  });

  it('may be of your own', async () => {
    const plain: WebhookScheme = {
      name: 'plain',
      header: 'x-plain',
      encoding: 'hex',
      accepts: () => true,
      keyOf: (key) => (typeof key === 'string' ? new TextEncoder().encode(key) : undefined),
      read: (value) => ({ prefix: '', signatures: [value] }),
    };
    const headers = { 'x-plain': 'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8' };
    const body = new TextEncoder().encode('The quick brown fox jumps over the lazy dog');
    const options = { secrets: 'key', schemes: [plain] };
    await expect(verifySignature(body, headers, options)).resolves.toEqual({
      scheme: 'plain',
      id: undefined,
      timestamp: undefined,
    });
  });

  it.each([
    ['an unknown one', ['nonsense'], /There is no scheme "nonsense"; known are standard, mcp,/],
    ['none', [], /at least one/],
  ])('are refused when %s is named', async (_name, schemes, message) => {
    const { body, headers, options } = await signed();
    const failure = verifySignature(body, headers, { ...options, schemes: schemes as never });
    await expect(failure).rejects.toMatchObject({ code: 'invalid_options', message });
  });

  it('tell apart the drafts that share a header with mcp', async () => {
    const { body, mcp } = await signed();
    const options = { secrets: secret, now, schemes: ['mcp', 'mcp-draft', 'mcp-legacy'] } as const;
    await expect(verifySignature(body, mcp, options)).resolves.toMatchObject({ scheme: 'mcp' });
    const draft = { 'x-mcp-signature': `sha256=${'0'.repeat(64)}`, 'x-mcp-timestamp': String(timestamp) };
    await expect(verifySignature(body, draft, options)).rejects.toMatchObject({
      message: expect.stringMatching(/No mcp-draft signature/),
    });
  });
});

/** What Node makes of a header that is sent twice. */
function joined(headers: Record<string, string>, name: string): Record<string, string> {
  return { ...headers, [name]: `${headers[name]}, ${headers[name]}` };
}
