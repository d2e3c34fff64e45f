import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createReceiver,
  memoryStore,
  type BodyReader,
  type EventHandler,
  type Receiver,
  type WebhookDelivery,
  type WebhookError,
} from '@toolwire/webhooks';
import { CliError } from '../cli-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { print, type Io } from '../io.ts';
import { safeJson, sanitizeLine } from '../output/sanitize.ts';
import { forwardTo } from './webhook-forward.ts';
import { readSecrets } from './webhook-input.ts';
import { wholeNumber, type WebhookLine } from './webhook-line.ts';
import { schemesOf } from './webhook-verify.ts';

/** `mcp webhook listen`: prints every verified event, and passes it on to `--forward`, until it is interrupted. */
export async function webhookListen(line: WebhookLine, io: Io): Promise<ExitCode> {
  if (line.operands.length > 0)
    throw new CliError('usage', 'mcp webhook listen takes no arguments; name the port with --port');
  const server = process.getBuiltinModule('node:http').createServer(listener(line, io));
  const address = await listening(server, wholeNumber(line, 'port', 65_535) ?? 0, line.last('host') ?? '127.0.0.1');
  await print(io.stderr, `mcp: listening on ${address}, at any path; Ctrl-C ends it\n`);
  await interrupted(io);
  server.closeAllConnections();
  server.close();
  return 0;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

function listener(line: WebhookLine, io: Io): Handle {
  const asJson = line.has('json');
  const target = line.last('forward');
  const forward = target === undefined ? undefined : forwardTo(target);
  const shared = {
    secrets: readSecrets(line, io),
    schemes: schemesOf(line),
    dedupe: memoryStore(),
    onError: (error: WebhookError) => void print(io.stderr, describeRefusal(error, asJson)),
  };
  // A receiver for each request: what handles its event also needs the bytes as they came, to pass them on.
  const receiverFor = (show: EventHandler<unknown>): Receiver =>
    createReceiver({ ...shared, on: { tool_executed: show, '*': show } });
  receiverFor(() => undefined); // Throws now for secrets that cannot work.
  return (request, response) => void answer(request, response);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body: Uint8Array = new Uint8Array();
    const receiver = receiverFor(async (event, delivery) => {
      await print(io.stdout, describeEvent(event, delivery, asJson));
      await forward?.(body, request.headers);
    });
    const read: BodyReader = async (limit) => (body = await readBody(request, limit));
    const { status, headers, body: text } = await receiver.receive(request.headers, read, request.method);
    if (!request.complete) response.setHeader('connection', 'close');
    response.writeHead(status, headers).end(text);
  }
}

/** At most a chunk more than `limit`, which the receiver refuses. */
async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return Buffer.concat(chunks);
}

function describeEvent(event: unknown, { id, name, scheme, timestamp }: WebhookDelivery, asJson: boolean): string {
  if (asJson) return `${safeJson({ id, name, scheme, timestamp, event }, 0)}\n`;
  return `${sanitizeLine(`${name ?? 'event'} ${id ?? ''}`)} (${scheme})\n${safeJson(event, 2)}\n`;
}

function describeRefusal({ code, message, cause }: WebhookError, asJson: boolean): string {
  const reason = sanitizeLine(cause instanceof Error ? `${message}: ${cause.message}` : message);
  if (asJson) return `${safeJson({ error: { code, message: reason, server: null, hint: null } }, 0)}\n`;
  return `mcp: refused: ${code}: ${reason}\n`;
}

async function listening(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error) =>
      reject(new CliError('usage', `Cannot listen on ${host}:${port}: ${error.message}`)),
    );
    server.listen(port, host);
  });
  const { address, port: given } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  return `http://${address.includes(':') ? `[${address}]` : address}:${given}/`;
}

function interrupted({ interrupted: signal }: Io): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
