import { CallsUnderWay } from './calls-under-way.ts';
import { CrashWatch } from './crash-watch.ts';
import { isMcpError, McpError } from './errors.ts';
import { answer, type Handlers } from './handlers.ts';
import type { ServerInfo } from './handshake.ts';
import { completeRounds, isInputRequired } from './input-required.ts';
import type { McpRequest } from './interceptor.ts';
import { openConnection, type Connection, type OpeningOptions, type OpenTransport } from './open-connection.ts';
import type { Peer, PeerListener } from './peer.ts';
import type { JsonObject } from './protocol/jsonrpc.ts';
import type { OnReport } from './protocol/report.ts';
import { envelope } from './protocol/revision-2026-07-28.ts';
import type { Era } from './protocol/revisions.ts';
import type { LoggingLevel } from './protocol/types.ts';
import { isForgotten, isFromTheDead } from './retry.ts';
import { abortable, sleep, withTimeout } from './signals.ts';
import { StatusFeed, type ConnectionStatus } from './status.ts';
import { Supervisor, type SupervisorOptions } from './supervisor.ts';

export interface SessionOptions extends OpeningOptions, SupervisorOptions {
  handlers: Handlers;
  timeoutMs: number;
  maxTotalMs: number;
  onReport: OnReport;
  onNotification(method: string, params: JsonObject): void;
  onConnected(isFirst: boolean): void;
  /** Sends again what the server forgot: called with each connection but the first, before any call uses it. */
  onReconnected(connection: Connection): Promise<void>;
  /** Reads again what is held of the server, after messages may have been missed. */
  onResync(): Promise<void>;
  /** Somebody listens to what the server says by itself: a lost connection is opened again without a call. */
  isWanted(): boolean;
}

/** One logical connection over many physical ones: opened on first use, and opened again when one is lost. */
export class Session {
  readonly #open: OpenTransport;
  readonly #options: SessionOptions;
  readonly #status = new StatusFeed();
  #current: Connection | undefined;
  #connecting: Promise<Connection> | undefined;
  /** Connections that failed, until they have ended. */
  readonly #closing = new Set<Promise<void>>();
  #knownEra: Era | undefined;
  #hasConnected = false;
  #closed = false;
  readonly #ending = new AbortController();
  /** Connections that were replaced, until what is under way on them has ended. */
  readonly #retired = new Set<Peer>();
  readonly #crashes: CrashWatch;
  readonly #supervisor: Supervisor;
  #isResyncing = false;
  readonly #calls = new CallsUnderWay();
  /** In the modern era the level travels with every request. */
  logLevel: LoggingLevel | undefined;

  constructor(open: OpenTransport, options: SessionOptions) {
    this.#open = open;
    this.#options = options;
    this.#crashes = new CrashWatch(options.random);
    this.#supervisor = new Supervisor(
      {
        // Streams of the modern era are opened again each by itself.
        isWanted: () => this.#knownEra !== 'modern' && options.isWanted(),
        isBusy: () => this.#calls.any || options.isWanted(),
        isConnected: () => this.#current !== undefined,
        connect: () => this.connect(),
        checkAlive: () => this.#checkAlive(),
        letGo: () => this.#letGo(),
        tell: (status) => this.#status.emit(status),
      },
      options,
    );
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

  /** Lets a server that crashed again and again be started once more. */
  forgive(): void {
    this.#crashes.reset();
  }

  /** Sends a request, once more when the server turns out to have forgotten the session: it did not execute it then. */
  async request(request: McpRequest): Promise<unknown> {
    const { maxTotalMs = this.#options.maxTotalMs } = request.options;
    const finalAt = Date.now() + maxTotalMs;
    if (this.#closed) throw closedError();
    this.#calls.begin();
    try {
      const connection = this.#current ?? (await this.#connectInTime(request, finalAt));
      try {
        return await this.#send(connection, request, finalAt);
      } catch (error) {
        if (!isForgotten(error) || this.#closed) throw error;
        this.#retire(connection);
        return await this.#send(await this.#connectInTime(request, finalAt), request, finalAt);
      }
    } finally {
      this.#supervisor.touch();
      this.#calls.end();
    }
  }

  /** Ends the connection; calls that are still under way after `drainMs` reject. */
  async close(drainMs = 0): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#supervisor.stop();
    await this.#calls.ended(drainMs);
    this.#ending.abort(closedError());
    await this.#connecting?.catch(() => {}); // Whoever asked for it is told.
    const open = [this.#current?.peer, ...this.#retired];
    await Promise.all([...open.map((peer) => peer?.close()), ...this.#closing]);
    this.#status.end();
  }

  status(): AsyncIterable<ConnectionStatus> {
    return this.#status.read();
  }

  /** Messages of the server may have been missed: what is held of it is read again, and `resync` is told. */
  resync(): void {
    if (this.#isResyncing) return;
    this.#isResyncing = true;
    void this.#options
      .onResync()
      .catch((error: unknown) => this.#report('Not all that is held of the server could be read again', error))
      .finally(() => {
        this.#isResyncing = false;
        this.#status.emit({ type: 'resync' });
      });
  }

  async notify(method: string, params: JsonObject | undefined): Promise<void> {
    await (await this.connect()).peer.notify(method, params);
  }

  /** Opens a stream of changes (2026-07-28, subscriptions/listen); settles when the stream ends. */
  async listen(params: JsonObject, signal: AbortSignal, onId: (id: number) => void): Promise<void> {
    const { peer, server } = await abortable(this.connect(), signal);
    const sent = { ...params, _meta: this.#envelope(server) };
    await peer.request('subscriptions/listen', sent, { timeoutMs: Infinity, maxTotalMs: Infinity, signal, onId });
  }

  /** Waits for the connection, but no longer than the call may take; the opening itself goes on for the others. */
  #connectInTime({ method, options }: McpRequest, finalAt: number): Promise<Connection> {
    const late = (): McpError =>
      new McpError('timeout', `${method} was not sent: no connection before its deadline`, { delivered: 'no' });
    return abortable(withTimeout(this.connect(), finalAt - Date.now(), late), options.signal);
  }

  #send(connection: Connection, request: McpRequest, finalAt: number): Promise<unknown> {
    const { peer, era, server } = connection;
    const { method, options } = request;
    const { timeoutMs = this.#options.timeoutMs, signal } = options;
    const ask = (sent: JsonObject): Promise<unknown> =>
      peer.request(method, sent, { ...options, timeoutMs, maxTotalMs: Math.max(finalAt - Date.now(), 0) });
    const own = era === 'modern' ? { ...options.meta, ...this.#envelope(server) } : options.meta;
    const given = request.params['_meta'] as JsonObject | undefined; // An object, by the caller's word.
    const params = own === undefined ? request.params : { ...request.params, _meta: { ...given, ...own } };
    if (era === 'legacy') return ask(params);
    return ask(params).then((result) =>
      isInputRequired(method, result)
        ? completeRounds({ method, params, finalAt, signal, ask }, result, this.#options.handlers)
        : result,
    );
  }

  #envelope(server: ServerInfo): JsonObject {
    return envelope(server.protocolVersion, this.#options.identity, this.logLevel);
  }

  async #establish(): Promise<Connection> {
    this.#crashes.check();
    const delayMs = this.#crashes.delayMs();
    if (!this.#hasConnected) this.#status.emit({ type: 'connecting' });
    else if (this.#status.state !== 'reconnecting') this.#status.emit({ type: 'reconnecting', attempt: 1, delayMs });
    if (delayMs > 0) await sleep(delayMs, this.#ending.signal);
    const connection = await this.#openConnection();
    const isFirst = !this.#hasConnected;
    if (!isFirst) await this.#restore(connection);
    if (this.#closed || connection.peer.closed) {
      this.#closeLater(connection.peer);
      throw this.#closed ? closedError() : closedAtOnce();
    }
    this.#current = connection;
    this.#hasConnected = true;
    this.#supervisor.onConnected();
    this.#status.emit({ type: 'connected' });
    this.#options.onConnected(isFirst);
    if (!isFirst && (connection.era === 'legacy' || !this.#options.isWanted())) this.resync(); // Streams say it themselves.
    return connection;
  }

  async #openConnection(): Promise<Connection> {
    const knownEra = this.#knownEra;
    this.#knownEra = undefined; // What it spoke before may be why the opening fails.
    const connection = await openConnection({
      open: this.#open,
      options: this.#options,
      knownEra,
      ending: this.#ending.signal,
      listenerOf: (peer) => this.#listener(peer),
      onFailed: (peer, error) => {
        this.#crashes.record(error);
        this.#closeLater(peer); // A server that is slow to end does not delay the error.
      },
    });
    this.#knownEra = connection.era;
    return connection;
  }

  /** What cannot be restored, such as a resource that is gone, must not keep the calls from the server. */
  async #restore(connection: Connection): Promise<void> {
    await abortable(this.#options.onReconnected(connection), this.#ending.signal).catch((error: unknown) =>
      this.#report('Not all that the server forgot could be restored', error),
    );
  }

  #listener(self: () => Peer): PeerListener {
    return {
      onRequest: (method, params, signal) => answer(this.#options.handlers, method, params, signal),
      onNotification: (method, params) => this.#options.onNotification(method, params),
      onReopened: () => this.resync(),
      onForgotten: () => this.#onForgotten(self()),
      onReport: this.#options.onReport,
      onClose: (error) => this.#onLost(self(), error),
    };
  }

  #closeLater(peer: Peer): void {
    const closing = peer.close().catch((error: unknown) => this.#report('A connection did not close cleanly', error));
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }

  #onLost(peer: Peer, reason: McpError | undefined): void {
    this.#retired.delete(peer);
    if (this.#current?.peer !== peer) return;
    this.#current = undefined;
    if (this.#closed) return;
    this.#crashes.record(reason);
    this.#report('The connection was lost', reason);
    void this.#supervisor.onLost();
  }

  #onForgotten(peer: Peer): void {
    if (this.#current?.peer !== peer) return;
    this.#retire(this.#current);
    void this.#supervisor.onLost();
  }

  /** Asks whether the server still answers; a connection on which it does not is given up. */
  async #checkAlive(): Promise<void> {
    const connection = this.#current;
    if (connection === undefined) return;
    const method = connection.era === 'modern' ? 'server/discover' : 'ping';
    try {
      const maxTotalMs = this.#options.connectTimeoutMs;
      await this.#send(connection, { method, params: {}, options: { timeoutMs: maxTotalMs } }, Date.now() + maxTotalMs);
    } catch (error) {
      if (isForgotten(error)) {
        this.#retire(connection);
        await this.connect();
      } else if (isMcpError(error) && (isFromTheDead(error) || error.code === 'timeout')) {
        this.#onLost(connection.peer, error);
        this.#closeLater(connection.peer);
      } // Else it lives, and only dislikes the question.
    }
  }

  /** Nobody uses the connection: the next call opens another one. */
  #letGo(): void {
    const connection = this.#current;
    if (connection === undefined) return;
    this.#current = undefined;
    this.#status.emit({ type: 'closed' });
    this.#closeLater(connection.peer);
  }

  #report(message: string, detail: unknown): void {
    this.#options.onReport({ kind: 'transport-error', message, detail });
  }

  /** Takes a connection out of use; what is still under way on it may finish. */
  #retire(connection: Connection): void {
    if (this.#current !== connection) return;
    this.#current = undefined;
    this.#retired.add(connection.peer);
    connection.peer.closeWhenIdle();
  }
}

function closedAtOnce(): McpError {
  const text = 'The server closed the connection right after the handshake';
  return new McpError('connection-closed', text, { delivered: 'no', retryable: true });
}

function closedError(): McpError {
  return new McpError('connection-closed', 'The client is closed', { delivered: 'no' });
}
