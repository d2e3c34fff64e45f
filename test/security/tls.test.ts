import { connect, isMcpError, logIn, McpClient, memoryTokenStore, type ClientOptions } from '@toolwire/client-core';
import { serveWebSocket } from '@toolwire/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startRawHttpServer, type Answer, type RawHttpServer } from '../servers/raw-http-server.ts';
import { makeCertificate, type Certificate } from './certificates.ts';
import { startTlsFront, type TlsFront } from './tls-front.ts';

const here = { addresses: ['127.0.0.1'] };
const authority = makeCertificate('Authority');
const good = makeCertificate('good', { ...here, issuer: authority });
const client = makeCertificate('client', { issuer: authority });

const secret = 'canary-7f3a';
const answers: Record<string, Answer> = {
  'tools/call': ({ result }) => result({ content: [{ type: 'text', text: 'done' }] }),
};

/** The same server by each wire, and what it understands of a client. */
const wires: Record<string, () => Promise<{ url: string } & AsyncDisposable>> = {
  http: () => startRawHttpServer(answers),
  ws: () => serveWebSocket(answerOverWebSocket),
};

function answerOverWebSocket(transport: Parameters<Parameters<typeof serveWebSocket>[0]>[0]): void {
  transport.onmessage = (message) => {
    if (!('id' in message) || !('method' in message)) return;
    const protocolVersion = '2025-11-25';
    const initialized = { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'ws', version: '0' } };
    const result =
      message.method === 'initialize' ? initialized : { content: [{ type: 'text' as const, text: 'done' }] };
    void transport.send({ jsonrpc: '2.0', id: message.id, result });
  };
  void transport.start();
}

const options: ClientOptions = { protocolVersion: '2025-11-25', apiKey: secret, connectTimeoutMs: 5000 };

async function failureOf(url: string, more: ClientOptions = {}): Promise<Error> {
  const failing = new McpClient(url, { ...options, ...more });
  const failure: unknown = await failing.connect().catch((error: unknown) => error);
  await failing.close();
  if (isMcpError(failure)) return failure;
  throw new Error('it connected');
}

describe.each(Object.keys(wires))('over %s', (wire) => {
  let server: { url: string } & AsyncDisposable;

  beforeEach(async () => {
    server = (await wires[wire]?.()) ?? (await startRawHttpServer({}));
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const front = (certificate: Certificate, more = {}): Promise<TlsFront> =>
    startTlsFront(server.url, { cert: certificate.cert, key: certificate.key, ...more });

  test('row 24: a server whose authority is named by ca is trusted', async () => {
    await using tls = await front(good);
    await using called = await connect(tls.url, { ...options, tls: { ca: authority.cert } });
    expect((await called.callTool('any')).text()).toBe('done');
    expect(tls.received()).toContain(secret);
  });

  test.each<[string, Certificate, RegExp]>([
    ['self-signed', makeCertificate('self', here), /certificate/i],
    [
      'of an authority that is not known',
      makeCertificate('x', { ...here, issuer: makeCertificate('Other') }),
      /certificate/i,
    ],
    ['expired', makeCertificate('old', { ...here, issuer: authority, days: -1 }), /expired/],
    ['not valid yet', makeCertificate('new', { ...here, issuer: authority, days: 90 }), /not (yet valid|valid yet)/],
    ['of another host', makeCertificate('other', { hosts: ['other.example'], issuer: authority }), /name/i],
  ])('row 24: a certificate that is %s is final, and the credential is not sent', async (_what, certificate, words) => {
    await using tls = await front(certificate);
    let retries = 0;
    const failure = await failureOf(tls.url, { tls: { ca: authority.cert }, onRetry: () => (retries += 1) });
    expect(failure).toMatchObject({ code: 'connection-failed', retryable: false, delivered: 'no' });
    expect(failure.message).toMatch(words);
    expect([tls.received(), retries]).toEqual(['', 0]);
  });

  test('row 24: no variable of the environment switches off that certificates are checked', async () => {
    await using tls = await front(makeCertificate('self', here));
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    try {
      expect(await failureOf(tls.url)).toMatchObject({ code: 'connection-failed', retryable: false });
    } finally {
      vi.unstubAllEnvs();
    }
    expect(tls.received()).toBe('');
  });

  test('row 24: a server that wants the certificate of its client is shown it', async () => {
    await using tls = await front(good, { requestCert: true, rejectUnauthorized: true, ca: authority.cert });
    const { cert, key } = client;
    await using called = await connect(tls.url, { ...options, tls: { ca: authority.cert, cert, key } });
    expect((await called.callTool('any')).text()).toBe('done');
    expect(await failureOf(tls.url, { tls: { ca: authority.cert } })).toMatchObject({ code: 'connection-failed' });
  });

  test('row 24: a server that speaks nothing newer than TLS 1.1 is refused, and TLS 1.2 can be', async () => {
    const weak = 'DEFAULT@SECLEVEL=0'; // OpenSSL itself speaks TLS 1.1 only so.
    await using old = await front(good, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: weak });
    const ca = authority.cert;
    expect(await failureOf(old.url, { tls: { ca } })).toMatchObject({ retryable: false, delivered: 'no' });
    await using newer = await front(good, { maxVersion: 'TLSv1.2' });
    await (await connect(newer.url, { ...options, tls: { ca } })).close();
    expect(await failureOf(newer.url, { tls: { ca, minVersion: 'TLSv1.3' } })).toMatchObject({ retryable: false });
  });

  test('row 24: a credential is not sent unencrypted to another machine, unless that is said', async () => {
    const elsewhere = server.url.replace('127.0.0.1', '0.0.0.0'); // Leads here, but does not say so.
    const failure = await failureOf(elsewhere);
    expect(failure).toMatchObject({ code: 'config-invalid', delivered: 'no', retryable: false });
    expect(failure.message).toMatch(/x-api-key.*allowInsecureHttp/);
    await using meant = await connect(elsewhere, { ...options, allowInsecureHttp: true });
    expect((await meant.callTool('any')).text()).toBe('done');
    await using bare = await connect({ url: elsewhere, allowInsecureHttp: true }, options);
    expect((await bare.callTool('any')).text()).toBe('done');
  });

  test('row 24: without a credential a plain address is called as it is', async () => {
    const elsewhere = server.url.replace('127.0.0.1', '0.0.0.0');
    const { apiKey: _none, ...others } = options;
    await using called = await connect(elsewhere, others);
    expect((await called.callTool('any')).text()).toBe('done');
  });
});

describe('over plain http to another machine', () => {
  let server: RawHttpServer;
  const elsewhere = (): string => server.url.replace('127.0.0.1', '0.0.0.0');

  beforeEach(async () => {
    server = await startRawHttpServer(answers);
  });
  afterEach(() => server.close());

  test.each<[string, ClientOptions]>([
    ['a bearer token', { bearer: secret }],
    ['a bearer token of a function', { bearer: () => secret }],
    ['a header of its own name', { headers: { 'X-Client-Key': secret } }],
    ['a cookie', { headers: { cookie: `session=${secret}` } }],
    ['an OAuth token', { oauth: { redirectToAuthorization: () => {} } }],
  ])('row 24: %s is not sent', async (_what, more) => {
    expect(await failureOf(elsewhere(), { apiKey: undefined, ...more })).toMatchObject({ code: 'config-invalid' });
    expect(server.requests).toEqual([]);
  });

  test('row 24: user and password of the URL are not sent', async () => {
    const url = elsewhere().replace('://', `://user:${secret}@`);
    expect(await failureOf(url, { apiKey: undefined })).toMatchObject({ code: 'config-invalid' });
    expect(server.requests).toEqual([]);
  });

  test('row 24: a credential of one call is not sent, and the others go on', async () => {
    await using called = await connect(elsewhere(), { protocolVersion: '2025-11-25' });
    const headers = { authorization: `Bearer ${secret}` };
    await expect(called.callTool('any', {}, { headers })).rejects.toMatchObject({ code: 'config-invalid' });
    expect((await called.callTool('any', {}, { headers: { 'idempotency-key': '1' } })).text()).toBe('done');
    expect(server.requests.filter(({ method }) => method === 'tools/call')).toHaveLength(1);
  });

  test('row 24: nobody is asked to log in', async () => {
    await expect(logIn(elsewhere(), { store: memoryTokenStore() })).rejects.toMatchObject({ code: 'config-invalid' });
    expect(server.requests).toEqual([]);
  });
});

test.each<[string, ClientOptions['tls']]>([
  ['a path where a certificate should be', { ca: '/etc/ssl/ca.pem' }],
  ['a certificate without its key', { cert: client.cert }],
  ['a certificate with the key of another', { cert: client.cert, key: good.key }],
])('row 24: %s is refused before anything is sent', async (_what, tls) => {
  const failure = await failureOf('https://127.0.0.1:1/mcp', { tls });
  expect(failure).toMatchObject({ code: 'config-invalid', delivered: 'no' });
  expect(failure.message).not.toContain('BEGIN');
});
