import { ConnectTimeoutError, isMcpError } from './errors.ts';
import { handshake, type ServerInfo } from './handshake.ts';
import { Peer, type PeerListener } from './peer.ts';
import type { ClientIdentity } from './protocol/revision-2026-07-28.ts';
import { isModernVersion, type Era, type ProtocolVersion } from './protocol/revisions.ts';
import { abortable, withTimeout } from './signals.ts';
import type { Transport } from './transport.ts';

/** Opens a new physical connection. */
export type OpenTransport = () => Transport | Promise<Transport>;

/** One physical connection, after its handshake. */
export interface Connection {
  readonly peer: Peer;
  readonly server: ServerInfo;
  readonly era: Era;
}

export interface OpeningOptions {
  identity: ClientIdentity;
  protocolVersion: ProtocolVersion | 'auto';
  connectTimeoutMs: number;
  probeTimeoutMs: number;
  strict: boolean;
}

export interface Opening {
  open: OpenTransport;
  options: OpeningOptions;
  /** Which era the server spoke last time. */
  knownEra: Era | undefined;
  /** The owner is closed: its reason is what the opening rejects with. */
  ending: AbortSignal;
  listenerOf(peer: () => Peer): PeerListener;
  /** The opening failed; whoever opens, closes. */
  onFailed(peer: Peer, error: unknown): void;
}

/** Opens a transport and shakes hands, both within `connectTimeoutMs`; rejects with a typed error. */
export async function openConnection(opening: Opening): Promise<Connection> {
  try {
    return await openOnce(opening);
  } catch (error) {
    // A server that ends at the first word it does not know is started once more, and asked in the legacy way.
    const mayBeTheProbe = isMcpError(error) && error.code === 'server-exited' && opening.knownEra === undefined;
    if (!mayBeTheProbe || opening.options.protocolVersion !== 'auto' || opening.ending.aborted) throw error;
    return openOnce({ ...opening, knownEra: 'legacy' });
  }
}

async function openOnce(opening: Opening): Promise<Connection> {
  const { options, knownEra, ending } = opening;
  const { connectTimeoutMs, identity, protocolVersion, probeTimeoutMs, strict } = options;
  const transport = await openTransport(opening);
  const peer = new Peer(
    transport,
    opening.listenerOf(() => peer),
    strict,
  );
  try {
    const shaken = peer
      .open()
      // Bounded as a whole, below.
      .then(() => handshake(peer, { identity, protocolVersion, probeTimeoutMs, knownEra, timeoutMs: Infinity }));
    const inTime = withTimeout(shaken, connectTimeoutMs, () => connectTimeout(connectTimeoutMs));
    const server = await abortable(inTime, ending);
    peer.era = isModernVersion(server.protocolVersion) ? 'modern' : 'legacy';
    return { peer, server, era: peer.era };
  } catch (error) {
    opening.onFailed(peer, error);
    throw ofHandshake(error);
  }
}

/** A transport that comes too late, or to a client that is closed, is closed again. */
function openTransport({ open, options, ending }: Opening): Promise<Transport> {
  const { connectTimeoutMs } = options;
  const opened = (async () => open())();
  const inTime = withTimeout(opened, connectTimeoutMs, () => connectTimeout(connectTimeoutMs));
  return abortable(inTime, ending).catch((error: unknown) => {
    void opened.then((late) => late.close()).catch(() => {}); // Nobody waits for it any more.
    throw error;
  });
}

/** The calls that wait for a connection were not sent; and a server that ends while it starts will do so again. */
function ofHandshake(error: unknown): unknown {
  if (!isMcpError(error)) return error;
  return Object.assign(error, { delivered: 'no', retryable: error.retryable && error.code !== 'server-exited' });
}

function connectTimeout(ms: number): ConnectTimeoutError {
  const text = `The server did not answer the handshake within ${ms} ms; is it an MCP server, and is it up?`;
  return new ConnectTimeoutError(text);
}
