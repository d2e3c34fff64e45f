import { Broadcast } from './broadcast.ts';
import { ConnectTimeoutError, isMcpError, McpError, ProtocolError, ServerExitedError } from './errors.ts';
import { answer, type Handlers } from './handlers.ts';
import { handshake, type ServerInfo } from './handshake.ts';
import { completeRounds, isInputRequired } from './input-required.ts';
import type { McpRequest } from './interceptor.ts';
import { Peer } from './peer.ts';
import { rpcCode, type JsonObject } from './protocol/jsonrpc.ts';
import type { OnReport } from './protocol/report.ts';
import { envelope, type ClientIdentity } from './protocol/revision-2026-07-28.ts';
import { isModernVersion, type Era, type ProtocolVersion } from './protocol/revisions.ts';
import type { LoggingLevel } from './protocol/types.ts';
import { abortable, withTimeout } from './signals.ts';
import type { ConnectionStatus } from './status.ts';
import type { Transport } from './transport.ts';

/** Opens a new physical connection. */
export type OpenTransport = () => Transport | Promise<Transport>;

export interface SessionOptions {
  identity: ClientIdentity;
  handlers: Handlers;
  protocolVersion: ProtocolVersion | 'auto';
  connectTimeoutMs: number;
  probeTimeoutMs: number;
  timeoutMs: number;
  maxTotalMs: number;
  strict: boolean;
  onReport: OnReport;
  onNotification(method: string, params: JsonObject): void;
  /** Sends again what the server forgot: called with each connection but the first, before any call uses it. */
  onReconnected(connection: Connection): Promise<void>;
}

/** One physical connection, after its handshake. */
export interface Connection {
  readonly peer: Peer;
  readonly server: ServerInfo;
  readonly era: Era;
}

/** One logical connection over many physical ones: opened on first use, and opened again when one is lost. */
export class Session {
  readonly #open: OpenTransport;
  readonly #options: SessionOptions;
  readonly #status = new Broadcast<ConnectionStatus>();
  #lastStatus: ConnectionStatus | undefined;
  #current: Connection | undefined;
  #connecting: Promise<Connection> | undefined;
  #opening: Peer | undefined;
  /** Connections that failed, until they have ended. */
  readonly #closing = new Set<Promise<void>>();
  #knownEra: Era | undefined;
  #hasConnected = false;
  #closed = false;
  readonly #ending = new AbortController();
  /** Connections that were replaced, until what is under way on them has ended. */
  readonly #retired = new Set<Peer>();
  /** In the modern era the level travels with every request. */
  logLevel: LoggingLevel | undefined;

  constructor(open: OpenTransport, options: SessionOptions) {
    this.#open = open;
    this.#options = options;
  }

  get server(): ServerInfo | undefined {
    return this.#current?.server;
  }

  get era(): Era | undefined {
    return this.#current?.era;
  }

  /** True where arguments are repeated as headers: the modern era over HTTP. */
  get hasParamHeaders(): boolean {
    return this.#current?.era === 'modern' && this.#current.peer.transport.hasPerRequestStream === true;
  }

  /** The connection; callers at the same time share one attempt to open it. */
  connect(): Promise<Connection> {
    if (this.#closed) return Promise.reject(closedError());
    if (this.#current !== undefined) return Promise.resolve(this.#current);
    this.#connecting ??= this.#establish().finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  /** Sends a request, once more when the server turns out to have forgotten the session: it did not execute it then. */
  async request(request: McpRequest): Promise<unknown> {
    const { signal, maxTotalMs = this.#options.maxTotalMs } = request.options;
    const finalAt = Date.now() + maxTotalMs;
    const connection = this.#current ?? (await abortable(this.connect(), signal));
    try {
      return await this.#send(connection, request, finalAt);
    } catch (error) {
      if (!isForgotten(error) || this.#closed) throw error;
      this.#retire(connection);
      return this.#send(await abortable(this.connect(), signal), request, finalAt);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#ending.abort(closedError());
    const open = [this.#current?.peer, this.#opening, ...this.#retired];
    await Promise.all([...open.map((peer) => peer?.close()), ...this.#closing]);
    this.#emit({ type: 'closed' });
    this.#status.end();
  }

  status(): AsyncIterable<ConnectionStatus> {
    return this.#status.read(this.#lastStatus === undefined ? [] : [this.#lastStatus]);
  }

  /** Opens a stream of changes (2026-07-28, subscriptions/listen); settles when the stream ends. */
  async listen(params: JsonObject, signal: AbortSignal, onId: (id: number) => void): Promise<void> {
    const { peer, server } = await abortable(this.connect(), signal);
    const sent = { ...params, _meta: this.#envelope(server) };
    await peer.request('subscriptions/listen', sent, { timeoutMs: Infinity, maxTotalMs: Infinity, signal, onId });
  }

  async #send(connection: Connection, request: McpRequest, finalAt: number): Promise<unknown> {
    const { peer, era, server } = connection;
    const { method, options } = request;
    const { timeoutMs = this.#options.timeoutMs, signal } = options;
    const ask = (sent: JsonObject): Promise<unknown> =>
      peer.request(method, sent, { ...options, timeoutMs, maxTotalMs: Math.max(finalAt - Date.now(), 0) });
    const own = era === 'modern' ? { ...options.meta, ...this.#envelope(server) } : options.meta;
    const given = request.params['_meta'] as JsonObject | undefined; // An object, by the caller's word.
    const params = own === undefined ? request.params : { ...request.params, _meta: { ...given, ...own } };
    const result = await ask(params);
    if (era === 'legacy' || !isInputRequired(method, result)) return result;
    return completeRounds({ method, params, finalAt, signal, ask }, result, this.#options.handlers);
  }

  #envelope(server: ServerInfo): JsonObject {
    return envelope(server.protocolVersion, this.#options.identity, this.logLevel);
  }

  async #establish(): Promise<Connection> {
    if (!this.#hasConnected) this.#emit({ type: 'connecting' });
    else if (this.#lastStatus?.type !== 'reconnecting') this.#emitLost();
    try {
      const connection = await this.#openOnce().catch((error: unknown) => this.#openAsLegacy(error));
      if (this.#hasConnected) await this.#restore(connection);
      this.#checkOpen(connection.peer);
      this.#current = connection;
      this.#hasConnected = true;
      this.#emit({ type: 'connected' });
      return connection;
    } catch (error) {
      this.#knownEra = undefined; // What it spoke before may be why it failed.
      throw error;
    } finally {
      this.#opening = undefined;
    }
  }

  /** What cannot be restored, such as a resource that is gone, must not keep the calls from the server. */
  async #restore(connection: Connection): Promise<void> {
    await this.#options.onReconnected(connection).catch((error: unknown) => {
      const message = 'Not all that the server forgot could be restored';
      this.#options.onReport({ kind: 'transport-error', message, detail: error });
    });
  }

  /** A transport that comes too late, or to a client that is closed, is closed again. */
  #openTransport(): Promise<Transport> {
    const { connectTimeoutMs } = this.#options;
    const opening = (async () => this.#open())();
    const inTime = withTimeout(opening, connectTimeoutMs, () => connectTimeout(connectTimeoutMs));
    return abortable(inTime, this.#ending.signal).catch((error: unknown) => {
      void opening.then((late) => late.close()).catch(() => {}); // Nobody waits for it any more.
      throw error;
    });
  }

  /** A server that ends at the first word it does not know is started once more, and asked in the legacy way. */
  #openAsLegacy(error: unknown): Promise<Connection> {
    const mayBeTheProbe =
      isMcpError(error) && error.code === 'server-exited' && this.#knownEra === undefined && !this.#closed;
    if (!mayBeTheProbe || this.#options.protocolVersion !== 'auto') throw error;
    this.#knownEra = 'legacy';
    return this.#openOnce();
  }

  async #openOnce(): Promise<Connection> {
    const { connectTimeoutMs, identity, protocolVersion, probeTimeoutMs } = this.#options;
    const transport = await this.#openTransport();
    const peer = new Peer(
      transport,
      this.#listener(() => peer),
      this.#options.strict,
    );
    this.#opening = peer;
    try {
      const opened = peer.open().then(() =>
        handshake(peer, {
          identity,
          protocolVersion,
          probeTimeoutMs,
          knownEra: this.#knownEra,
          timeoutMs: Infinity, // Bounded as a whole, below.
        }),
      );
      const server = await withTimeout(opened, connectTimeoutMs, () => connectTimeout(connectTimeoutMs));
      this.#checkOpen(peer);
      peer.era = isModernVersion(server.protocolVersion) ? 'modern' : 'legacy';
      this.#knownEra = peer.era;
      return { peer, server, era: peer.era };
    } catch (error) {
      this.#closeLater(peer); // Whoever opens, closes: on every path. A server that is slow to end does not delay the error.
      throw this.#closed ? closedError() : atStart(error);
    }
  }

  #checkOpen(peer: Peer): void {
    if (this.#closed) throw closedError();
    if (!peer.closed) return;
    const text = 'The server closed the connection right after the handshake';
    throw new McpError('connection-closed', text, { delivered: 'no', retryable: true });
  }

  #listener(self: () => Peer): ConstructorParameters<typeof Peer>[1] {
    return {
      onRequest: (method, params, signal) => answer(this.#options.handlers, method, params, signal),
      onNotification: (method, params) => this.#options.onNotification(method, params),
      onReport: this.#options.onReport,
      onClose: (error) => this.#onLost(self(), error),
    };
  }

  #closeLater(peer: Peer): void {
    const closing = peer.close().catch((error: unknown) => {
      this.#options.onReport({ kind: 'transport-error', message: 'A connection did not close cleanly', detail: error });
    });
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }

  #onLost(peer: Peer, reason: McpError | undefined): void {
    this.#retired.delete(peer);
    if (this.#current?.peer !== peer) return;
    this.#current = undefined;
    if (this.#closed) return;
    this.#options.onReport({ kind: 'transport-error', message: 'The connection was lost', detail: reason });
    this.#emitLost();
  }

  /** Takes a connection out of use; what is still under way on it may finish. */
  #retire(connection: Connection): void {
    if (this.#current !== connection) return;
    this.#current = undefined;
    this.#retired.add(connection.peer);
    connection.peer.closeWhenIdle();
  }

  #emitLost(): void {
    this.#emit({ type: 'reconnecting', attempt: 1, delayMs: 0 });
  }

  #emit(status: ConnectionStatus): void {
    this.#lastStatus = status;
    this.#status.emit(status);
  }
}

/** The server does not know the session any more, or has stopped speaking its revision: the request was not executed. */
function isForgotten(error: unknown): boolean {
  if (!isMcpError(error)) return false;
  return (
    error.code === 'session-lost' ||
    (error instanceof ProtocolError && error.rpcCode === rpcCode.unsupportedProtocolVersion)
  );
}

/** A server that ends while it starts will do so again: nothing was delivered, and nothing is won by another attempt. */
function atStart(error: unknown): unknown {
  if (!(error instanceof ServerExitedError)) return error;
  return new ServerExitedError(error.message, error, { delivered: 'no', cause: error.cause });
}

function connectTimeout(ms: number): McpError {
  const text = `The server did not answer the handshake within ${ms} ms; is it an MCP server, and is it up?`;
  return new ConnectTimeoutError(text);
}

function closedError(): McpError {
  return new McpError('connection-closed', 'The client is closed', { delivered: 'no' });
}
