import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { AuthError, HttpError, McpError, secureOptions } from '@toolwire/client-core';
import { WebSocket } from 'ws';
import { refusalIn } from './handshake-refusal.ts';
import { heartbeat } from './heartbeat.ts';
import { connectFailure, frameFailure, silenceFailure } from './node-failures.ts';
import { unlessAborted, wireOver, type Wire, type WireListener, type WireRequest } from './wire.ts';

/** Opens a WebSocket with `ws`: what `#platform` means in Node. */
export async function openWire(request: WireRequest, listener: WireListener): Promise<Wire> {
  const { signal } = request;
  signal.throwIfAborted();
  const socket = newSocket(request);
  return unlessAborted(opened(socket, request, listener), signal, () => socket.terminate());
}

/** Whether a server that refused this handshake may take one without a subprotocol. */
export function mayBeTheSubprotocol(error: unknown): boolean {
  if (error instanceof HttpError) return [400, 406, 412, 417, 422, 426, 501].includes(error.status);
  if (error instanceof AuthError) return error.status === 403; // Also what frameworks answer when an application says no.
  return error instanceof McpError && error.cause instanceof Error && error.cause.message.includes('subprotocol');
}

/** How long a server that has said goodbye may take to hang up, in milliseconds. */
const closeTimeout = 500;

function newSocket({ url, place, protocols, headers, maxMessageBytes, tls }: WireRequest): WebSocket {
  const options = {
    ...(url.protocol === 'wss:' && secureOptions(tls)),
    headers,
    maxPayload: Math.min(maxMessageBytes, 2 ** 31 - 1),
    perMessageDeflate: false,
    closeTimeout,
  };
  try {
    return new WebSocket(url, [...protocols], options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause); // Names a header or an option, never its value.
    throw new McpError('config-invalid', `Cannot ask ${place} for a WebSocket: ${reason}`, { delivered: 'no', cause });
  }
}

function opened(socket: WebSocket, request: WireRequest, listener: WireListener): Promise<Wire> {
  return new Promise((resolve, reject) => {
    let stream: Socket | undefined;
    socket.on('error', (error) => reject(connectFailure(request.place, error)));
    socket.once('unexpected-response', (_request, response) => {
      void refusalIn(response, request)
        .then(reject)
        .finally(() => socket.terminate());
    });
    socket.once('upgrade', (response: IncomingMessage) => (stream = response.socket));
    socket.once('open', () => resolve(watched(socket, stream, request, listener))); // At once: messages may follow.
  });
}

/** Hands on what an open WebSocket receives, until it ends. */
function watched(
  socket: WebSocket,
  stream: Socket | undefined,
  { place, maxMessageBytes, pingIntervalMs }: WireRequest,
  listener: WireListener,
): Wire {
  let error: McpError | undefined;
  const fail = (failure: McpError): void => {
    error ??= failure;
    socket.terminate(); // The other side may not care to hang up.
  };
  const ping = (): void => socket.ping();
  const pulse = heartbeat(pingIntervalMs, ping, () => fail(silenceFailure(place, pingIntervalMs)));
  stream?.on('data', () => pulse.heard()); // Any byte: a large message takes its time.
  socket.on('error', (cause) => fail(frameFailure(place, maxMessageBytes, cause)));
  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer; // By the default `binaryType`.
    listener.onFrame(isBinary ? bytes : bytes.toString());
  });
  socket.once('close', (code, reason) => {
    pulse.stop();
    listener.onClose({ code, reason: reason.toString(), error });
  });
  return wireOver(socket, () => socket.terminate());
}
