import { DeliveryUnknownError, McpError, QueueFullError } from './errors.ts';
import { InboundRequests, type InboundListener } from './inbound.ts';
import { asMcpError } from './transports/foreign-error.ts';
import { dueAt, timeoutOf, type Deadline } from './protocol/deadline.ts';
import { deepestLevel, isTooDeep } from './protocol/depth.ts';
import { quote } from './protocol/excerpt.ts';
import {
  isNotification,
  isObject,
  isRequest,
  isRequestId,
  answerFault,
  paramsOf,
  isResponse,
  withProgressToken,
  type JsonObject,
} from './protocol/jsonrpc.ts';
import type { Era } from './protocol/revisions.ts';
import { rpcFailure } from './protocol/rpc-failure.ts';
import type { Progress } from './protocol/types.ts';
import { reasonOf, SharedTimer } from './signals.ts';
import type { JSONRPCMessage, ReopeningTransport, Transport, TransportSendOptions } from './transport.ts';

/** What one request on the wire may take, and whom it tells. */
export interface PeerRequestOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds without an answer or progress. */
  timeoutMs: number;
  /** Milliseconds in all, whatever the progress. */
  maxTotalMs: number;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Extra HTTP headers, on wires that have headers. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Learns the JSON-RPC id, before the request is sent. */
  onId?: ((id: number) => void) | undefined;
}

/** What the owner of a peer is told. */
export interface PeerListener extends InboundListener {
  onNotification(method: string, params: JsonObject): void;
  /** What the server said by itself may have been missed. */
  onReopened(): void;
  /** The server no longer knows the session, as a lost stream has found. */
  onForgotten(): void;
  /** The connection is gone; `error` says why, when it was not closed from this side. */
  onClose(error: McpError | undefined): void;
}

interface Pending extends Deadline {
  method: string;
  options: PeerRequestOptions;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  onAbort: (() => void) | undefined;
  stream: AbortController | undefined;
}

/** Answers to requests, progress, cancellation and the server's own requests, over one transport. */
export class Peer {
  readonly transport: Transport;
  /** Decides how a request is cancelled: a message in the legacy era, a closed stream in the modern one. */
  era: Era = 'legacy';
  readonly #listener: PeerListener;
  readonly #strict: boolean;
  readonly #pending = new Map<number, Pending>();
  readonly #inbound: InboundRequests;
  #nextId = 1;
  /** One for all requests: most come and go without touching it. The wire keeps the host alive while an answer is due. */
  readonly #deadlines = new SharedTimer(() => this.#expire());
  #lastError: McpError | undefined;
  #closed = false;
  #retired = false;

  constructor(transport: Transport, listener: PeerListener, strict = false) {
    this.transport = transport;
    this.#listener = listener;
    this.#strict = strict;
    this.#inbound = new InboundRequests(
      listener,
      (answer, id) => this.#transmit(answer, { relatedRequestId: id }),
      (tookMs) => this.#postpone(tookMs),
    );
  }

  async open(): Promise<void> {
    this.transport.onmessage = (message: unknown) => this.#receive(message);
    this.transport.onerror = (error) => this.#onError(error);
    this.transport.onclose = () => this.#onClose();
    const reopening: ReopeningTransport = this.transport; // The others never call these.
    reopening.onreopened = () => this.#listener.onReopened();
    reopening.onforgotten = () => this.#listener.onForgotten();
    try {
      await this.transport.start();
    } catch (error) {
      throw asMcpError(error, undefined);
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Sends a request and settles with its result, its error, `signal.reason`, or a timeout. */
  request(method: string, params: JsonObject | undefined, options: PeerRequestOptions): Promise<unknown> {
    const { signal } = options;
    if (signal?.aborted === true) return Promise.reject(reasonOf(signal));
    if (this.#closed) return Promise.reject(this.#lostError('no', method));
    if (this.#pending.size >= mostPending) return Promise.reject(new QueueFullError(tooMany(method)));
    const id = this.#nextId++;
    options.onId?.(id);
    return new Promise((resolve, reject) => {
      const now = Date.now();
      const pending: Pending = {
        method,
        options,
        resolve,
        reject,
        idleAt: now + options.timeoutMs,
        finalAt: now + options.maxTotalMs,
        onAbort: undefined,
        stream: this.transport.hasPerRequestStream === true ? new AbortController() : undefined,
      };
      this.#pending.set(id, pending);
      this.#deadlines.watch(dueAt(pending, false));
      if (signal !== undefined) {
        pending.onAbort = () => this.#giveUp(id, reasonOf(signal));
        signal.addEventListener('abort', pending.onAbort, { once: true });
      }
      const sent = options.onProgress === undefined ? params : withProgressToken(id, params);
      this.#transmit({ jsonrpc: '2.0', id, method, params: sent }, this.#sendOptions(id, pending)).catch(
        (error: unknown) => this.#fail(id, error),
      );
    });
  }

  /** Sends a notification; rejects when the transport cannot. */
  async notify(method: string, params?: JsonObject): Promise<void> {
    try {
      await this.#transmit({ jsonrpc: '2.0', method, ...(params !== undefined && { params }) });
    } catch (error) {
      throw asMcpError(error, this.transport.sessionId);
    }
  }

  async close(): Promise<void> {
    try {
      await this.transport.close();
    } finally {
      this.#onClose(); // An official transport may close without saying so.
    }
  }

  /** Closes once nothing is under way any more. */
  closeWhenIdle(): void {
    this.#retired = true;
    if (this.#pending.size === 0) void this.close().catch(() => {}); // Nobody waits for it.
  }

  #transmit(message: unknown, options?: TransportSendOptions): Promise<void> {
    return this.transport.send(message as JSONRPCMessage, options); // Params are JSON by the caller's word.
  }

  #sendOptions(id: number, pending: Pending): TransportSendOptions | undefined {
    const { headers } = pending.options;
    if (pending.stream === undefined) return headers && { headers };
    return {
      requestSignal: pending.stream.signal,
      headers,
      onRequestStreamEnd: () =>
        this.#fail(id, new DeliveryUnknownError(`The answer stream of ${pending.method} ended without an answer`)),
    };
  }

  #expire(): void {
    const now = Date.now();
    for (const [id, pending] of this.#pending) {
      const due = dueAt(pending, this.#inbound.isAnswering);
      if (now < due) this.#deadlines.watch(due);
      else this.#giveUp(id, timeoutOf(pending.method, pending.options, now >= pending.finalAt));
    }
  }

  /** The server waited for this side so long: that was not its own time. */
  #postpone(ms: number): void {
    for (const pending of this.#pending.values()) {
      pending.idleAt += ms;
      this.#deadlines.watch(dueAt(pending, false));
    }
  }

  /** Settles a request from this side and tells the server, in the way of its era. */
  #giveUp(id: number, error: unknown): void {
    const pending = this.#take(id);
    if (pending === undefined) return;
    pending.reject(error);
    if (pending.method !== 'initialize' && !(this.era === 'modern' && pending.stream !== undefined)) {
      const params = { requestId: id, reason: error instanceof Error ? error.message : String(error) };
      this.#transmit({ jsonrpc: '2.0', method: 'notifications/cancelled', params }).catch(() => {}); // It is gone already.
    }
    pending.stream?.abort();
  }

  #fail(id: number, error: unknown): void {
    this.#take(id)?.reject(asMcpError(error, this.transport.sessionId));
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    if (pending.onAbort !== undefined) pending.options.signal?.removeEventListener('abort', pending.onAbort);
    if (this.#retired) this.closeWhenIdle();
    return pending;
  }

  /** Whoever is told of a message may throw: that must not disturb the transport, nor any other call. */
  #receive(message: unknown): void {
    try {
      this.#onMessage(message);
    } catch (error) {
      this.#listener.onReport({ kind: 'callback-error', message: `A callback threw: ${String(error)}`, detail: error });
    }
  }

  #onMessage(message: unknown): void {
    if (!isObject(message)) this.#ignore('a message that is no object', message);
    else if (isResponse(message)) this.#onResponse(message);
    else if (isTooDeep(message)) this.#ignore('a message that is nested too deeply');
    else if (isNotification(message)) this.#onNotification(message['method'] as string, paramsOf(message));
    else if (isRequest(message)) void this.#inbound.answer(message);
    else this.#ignore('a message that is neither request, notification nor response', message);
  }

  #onResponse(message: JsonObject): void {
    const { id } = message;
    const match = typeof id === 'number' && this.#pending.has(id) ? id : this.#guessId(message);
    const pending = match === undefined ? undefined : this.#take(match);
    if (pending === undefined) {
      this.#ignore(`an answer to nothing that waits (id ${quote(id)})`, message);
    } else if (isTooDeep(message)) {
      const text = `The answer to ${pending.method} is nested deeper than ${deepestLevel} levels`;
      pending.reject(new McpError('invalid-response', text, { delivered: 'yes' }));
    } else if (this.#strict && answerFault(message, match) !== undefined) {
      pending.reject(
        new McpError('invalid-response', `The answer to ${pending.method} ${answerFault(message, match)}`),
      );
    } else if (isObject(message['error'])) {
      pending.reject(rpcFailure(pending.method, message['error']));
    } else {
      pending.resolve(message['result']);
    }
  }

  /** Some servers send ids back as strings, and errors with an id of their own, `null` or none: those belong to the only one that waits. */
  #guessId(message: JsonObject): number | undefined {
    const { id } = message;
    if (typeof id === 'string' && /^\d+$/.test(id)) return Number(id);
    const isForeign = typeof id !== 'number' && isObject(message['error']);
    return isForeign && this.#pending.size === 1 ? this.#pending.keys().next().value : undefined;
  }

  #onNotification(method: string, params: JsonObject): void {
    if (method === 'notifications/progress') {
      const pending = this.#pending.get(Number(params['progressToken']));
      if (pending === undefined) return;
      pending.idleAt = Date.now() + pending.options.timeoutMs;
      pending.options.onProgress?.(params as unknown as Progress); // Shown to people, never computed with.
    } else if (method === 'notifications/cancelled' && isRequestId(params['requestId'])) {
      this.#inbound.cancel(params['requestId']);
    } else {
      this.#listener.onNotification(method, params);
    }
  }

  #ignore(what: string, message?: unknown): void {
    this.#listener.onReport({ kind: 'ignored-message', message: `The server sent ${what}`, detail: message });
  }

  #onError(error: Error): void {
    const { requestId } = error as { requestId?: unknown }; // A transport that knows whose message failed says so.
    if (typeof requestId === 'number' && this.#pending.has(requestId)) {
      this.#fail(requestId, error);
      return;
    }
    this.#lastError = asMcpError(error, undefined);
    this.#listener.onReport({ kind: 'transport-error', message: error.message, detail: error });
  }

  #onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#deadlines.stop();
    this.#inbound.cancelAll();
    for (const [id, pending] of this.#pending) {
      this.#take(id)?.reject(this.#lostError('unknown', pending.method));
      pending.stream?.abort(); // Nobody waits for it: it must not be resumed.
    }
    this.#listener.onClose(this.#lastError);
  }

  #lostError(delivered: 'no' | 'unknown', method: string): McpError {
    if (this.#lastError?.code === 'server-exited') return this.#lastError;
    const cause = this.#lastError;
    return delivered === 'no'
      ? new McpError('connection-closed', `The connection is closed; ${method} was not sent`, {
          delivered,
          cause,
          retryable: true,
        })
      : new DeliveryUnknownError(`The connection closed before ${method} was answered`, { cause });
  }
}

/** Calls under way at the same time; the wire sends them as it can. */
const mostPending = 10_000;

function tooMany(method: string): string {
  return `${method} was not sent: ${mostPending} requests wait for this server already; wait for some of them first`;
}
