import { isMcpError, McpError } from '@toolwire/client-core';
import { unlessAborted, wireOver, type Wire, type WireListener, type WireRequest } from './wire.ts';

/** Opens the platform's own WebSocket: what `#platform` means in browsers and edge runtimes. */
export async function openWire(request: WireRequest, listener: WireListener): Promise<Wire> {
  const { place, headers, signal, tls } = request;
  signal.throwIfAborted();
  if (tls !== undefined)
    throw new McpError('config-invalid', 'tls needs Node; leave it out here', {
      delivered: 'no',
    });
  if (Object.keys(headers).length > 0) {
    const text = `Cannot send headers to ${place}: a browser's WebSocket has none; use a cookie, a subprotocol or the query`;
    throw new McpError('config-invalid', text, { delivered: 'no' });
  }
  const socket = newSocket(request);
  return unlessAborted(opened(socket, request, listener), signal, () => socket.close());
}

/** Whether a server that refused this handshake may take one without a subprotocol: browsers hide why it failed. */
export function mayBeTheSubprotocol(error: unknown): boolean {
  return isMcpError(error) && error.code === 'connection-failed';
}

function newSocket({ url, place, protocols }: WireRequest): WebSocket {
  try {
    const socket = new WebSocket(url, [...protocols]);
    socket.binaryType = 'arraybuffer';
    return socket;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.name : 'unknown'; // Its message may hold the whole URL.
    throw new McpError('config-invalid', `Cannot ask ${place} for a WebSocket: ${reason}`, { delivered: 'no' });
  }
}

function opened(socket: WebSocket, { place }: WireRequest, listener: WireListener): Promise<Wire> {
  return new Promise((resolve, reject) => {
    socket.onclose = () => {
      const text = `Cannot open a WebSocket to ${place}; the browser does not say why`;
      reject(new McpError('connection-failed', text, { delivered: 'no', retryable: true }));
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      listener.onFrame(typeof data === 'string' ? data : new Uint8Array(data));
    };
    socket.onopen = () => {
      socket.onclose = ({ code, reason }) => listener.onClose({ code, reason });
      resolve(wireOver(socket, () => socket.close()));
    };
  });
}
