import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { selfSigned } from '../../test-support/certificate.ts';
import { generateSecret } from '../secret.ts';
import { createWebhookSender } from './sender.ts';
import type { WebhookAttempt, WebhookSenderOptions } from './sender-types.ts';

const hostname = 'hooks.example';
const certificate = selfSigned(hostname);

interface SecureEndpoint {
  readonly port: number;
  /** The server names that clients asked for. */
  readonly serverNames: unknown[];
  /** The sockets that carried requests. */
  readonly sockets: Set<unknown>;
}

async function startSecureEndpoint(): Promise<SecureEndpoint> {
  const serverNames: unknown[] = [];
  const sockets = new Set<unknown>();
  const server = createServer(certificate, (request, response) => {
    sockets.add(request.socket);
    serverNames.push((request.socket as { servername?: unknown }).servername); // A TLS socket, which has one.
    request.resume().on('end', () => response.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  return { port, serverNames, sockets };
}

/** Sends two events, one after the other, by https to a name that resolves to this machine. */
async function sendTwo(port: number, name: string, options: Partial<WebhookSenderOptions>): Promise<WebhookAttempt[]> {
  const attempts: WebhookAttempt[] = [];
  const sender = createWebhookSender({
    url: `https://${name}:${port}/`,
    secrets: generateSecret(),
    allowLoopback: true,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    retryDelaysMs: [],
    onAttempt: (attempt) => attempts.push(attempt),
    ...options,
  });
  for (const n of [1, 2]) await sender.send({ n }).finished;
  await sender.close();
  return attempts;
}

test('https asks for the name at the address that was checked, and keeps the connection', async () => {
  const { port, serverNames, sockets } = await startSecureEndpoint();
  const attempts = await sendTwo(port, hostname, { tls: { ca: certificate.cert } });
  expect(attempts).toMatchObject([{ status: 200 }, { status: 200 }]);
  expect(serverNames).toEqual([hostname, hostname]);
  expect(sockets.size).toBe(1);
});

test('nothing is sent to a certificate of nobody, or of somebody else', async () => {
  const { port, sockets } = await startSecureEndpoint();
  expect(await sendTwo(port, hostname, {})).toMatchObject([
    { failure: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } },
    { status: undefined },
  ]);
  const ofAnother = await sendTwo(port, 'other.example', { tls: { ca: certificate.cert } });
  expect(ofAnother).toMatchObject([{ failure: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } }, { status: undefined }]);
  expect(sockets.size).toBe(0);
});
