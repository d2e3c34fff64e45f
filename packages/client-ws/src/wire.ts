import type { McpError, TlsOptions } from '@toolwire/client-core';

/** What a platform needs to open a WebSocket. */
export interface WireRequest {
  url: URL;
  /** The address as a message may name it. */
  place: string;
  protocols: readonly string[];
  headers: Readonly<Record<string, string>>;
  maxMessageBytes: number;
  pingIntervalMs: number;
  tls: TlsOptions | undefined;
  /** Gives up the handshake, with its reason. */
  signal: AbortSignal;
}

/** What the owner of a wire is told. */
export interface WireListener {
  onFrame(data: string | Uint8Array): void;
  onClose(close: Close): void;
}

/** How an open WebSocket ended. */
export interface Close {
  /** RFC 6455 §7.4; 1006 when there was no close frame. */
  code: number;
  reason: string;
  /** What went wrong on this side; browsers do not say. */
  error?: McpError | undefined;
}

/** An open WebSocket, on either platform. */
export interface Wire {
  readonly isOpen: boolean;
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  send(text: string): void;
  /** Ends the connection with a close frame. */
  close(): void;
  /** Drops the connection; in a browser it can only be left to the platform. */
  terminate(): void;
}

/** Settles as `opening` does; when `signal` aborts, `giveUp` ends it, and its reason is what it rejects with. */
export async function unlessAborted(opening: Promise<Wire>, signal: AbortSignal, giveUp: () => void): Promise<Wire> {
  signal.addEventListener('abort', giveUp);
  try {
    return await opening;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** What the WebSocket of each platform offers by itself. */
interface PlatformSocket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number): void;
}

const open = 1;
const normalClosure = 1000;

/** A wire over an open socket; `terminate` is the platform's own way. */
export function wireOver(socket: PlatformSocket, terminate: () => void): Wire {
  return {
    get isOpen() {
      return socket.readyState === open;
    },
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send: (text) => socket.send(text),
    close: () => socket.close(normalClosure),
    terminate,
  };
}
