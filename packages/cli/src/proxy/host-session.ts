import type { JSONRPCMessage, JsonObject, LoggingLevel, Transport } from '@toolwire/client-core';
import {
  isObject,
  isRequestId,
  legacyVersions,
  modernVersions,
  readIdentity,
  textOf,
  type Era,
  type HostIdentity,
} from './envelope.ts';
import type { Exchange, HostCall } from './host-call.ts';
import { HostCalls } from './host-calls.ts';
import { HostQuestions } from './host-questions.ts';
import { resultFor } from './host-results.ts';
import { HostSubscriptions, isOfSubscription } from './host-subscriptions.ts';
import { isSevereEnough } from './log-level.ts';
import type { Log } from './log.ts';
import { ownMethods } from './own-methods.ts';
import { refusal, rpcCode } from './rpc-error.ts';
import type { Upstream, UpstreamListener } from './upstream.ts';

/** What a session with a host needs of its surroundings. */
export interface HostSessionOptions {
  /** Opens the session with the server that is this host's alone. */
  open(identity: HostIdentity, listener: UpstreamListener): Upstream;
  /** A failure as the host is told it. */
  explain(error: unknown): JsonObject;
  readonly log: Log;
}

/**
 * One host, and the one session with the server that is its own. A host of the earlier era holds one wire for as long as it
 * lives; one of the later era may come over a new wire with each request, and says each time who it is.
 */
export class HostSession {
  readonly #options: HostSessionOptions;
  readonly #calls = new HostCalls();
  readonly #questions = new HostQuestions();
  readonly #subscriptions = new HostSubscriptions((method, params) => {
    if (this.#wire !== undefined) this.#send(this.#wire, { method, params });
  });
  readonly #listener: UpstreamListener;
  #era: Era = 'legacy';
  #wire: Transport | undefined;
  #identity: string | undefined;
  #upstream: Upstream | undefined;
  #logLevel: string | undefined;
  #isClosed = false;
  #onClosed: () => void = () => {};
  /** Settles when the session is over. */
  readonly closed: Promise<void> = new Promise((resolve) => (this.#onClosed = resolve));

  constructor(options: HostSessionOptions) {
    this.#options = options;
    this.#listener = {
      onNotification: (method, params) => this.#relayNotification(method, params),
      ask: (method, params, signal) => this.#relayQuestion(method, params, signal),
    };
  }

  /** Serves a wire that carries the whole session: its end is the end of the session. */
  async serve(wire: Transport): Promise<void> {
    this.#wire = wire;
    await this.#listen(wire, () => void this.close());
  }

  /** Serves a wire that carries one request of the later era: its end is the end of that request. */
  async serveExchange(wire: Transport): Promise<void> {
    await this.#listen(wire, () => this.#calls.abandon(wire));
  }

  /** Ends the calls, the wire and the session with the server. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#calls.giveUpAll();
    this.#questions.failAll();
    await Promise.allSettled([this.#wire?.close(), this.#upstream?.close()]);
    this.#onClosed();
  }

  #listen(wire: Transport, onclose: () => void): Promise<void> {
    wire.onmessage = (message: unknown) => this.#receive(wire, message);
    wire.onerror = (error) => this.#options.log.detail(`a host: ${error.message}`);
    wire.onclose = onclose;
    return wire.start();
  }

  #receive(wire: Transport, message: unknown): void {
    if (this.#isClosed) return;
    // A batch (2025-03-26) is answered one by one.
    if (Array.isArray(message) && message.length > 0) for (const one of message) this.#receiveOne(wire, one);
    else this.#receiveOne(wire, message);
  }

  #receiveOne(wire: Transport, message: unknown): void {
    const { id, method, params } = isObject(message) ? message : {};
    const given = isObject(params) ? params : {};
    if (typeof method === 'string' && isRequestId(id)) void this.#answer(method, given, { wire, id });
    else if (typeof method === 'string' && id === undefined) this.#onNotification(wire, method, given);
    else if (isObject(message) && ('result' in message || 'error' in message)) this.#questions.settle(message);
    else
      this.#send(wire, { id: null, error: { code: rpcCode.invalidRequest, message: 'This is no JSON-RPC message' } });
  }

  /** Takes a request as far as it gets: to its result, its error, or questions that the host must answer first. */
  async #answer(method: string, params: JsonObject, exchange: Exchange): Promise<void> {
    const { wire, id } = exchange;
    let call: HostCall;
    try {
      call =
        this.#calls.resume(params, exchange) ??
        this.#calls.begin(method, params, exchange, (begun) => this.#run(begun));
    } catch (error) {
      this.#send(wire, { id, error: this.#options.explain(error) });
      return;
    }
    const step = await call.next();
    if (call.exchange !== exchange) return; // The host does not wait here any more.
    if (step.type === 'asks') {
      this.#calls.pause(call);
      const { inputRequests } = step;
      this.#send(wire, { id, result: { resultType: 'input_required', inputRequests, requestState: call.state } });
      return;
    }
    this.#calls.end(call);
    if (step.type === 'done') this.#send(wire, { id, result: resultFor(call, step.result) });
    else this.#send(wire, { id, error: this.#options.explain(step.error) });
    // A session by an id that never began has nobody to end it.
    if (step.type === 'failed' && method === 'initialize' && wire.sessionId !== undefined) await this.close();
  }

  async #run(call: HostCall): Promise<JsonObject> {
    const { method, meta, signal } = call;
    this.#era = meta.era;
    if (meta.version !== undefined && !(modernVersions as readonly string[]).includes(meta.version))
      throw unsupported(meta.version);
    if (method === 'ping') return {};
    const upstream = this.#upstreamFor(call);
    const own = ownMethods.get(method);
    if (own !== undefined)
      return own({ call, upstream, subscriptions: this.#subscriptions, tell: this.#tell, log: this.#options.log });
    if (meta.logLevel !== undefined && meta.logLevel !== this.#logLevel) {
      this.#logLevel = meta.logLevel;
      await upstream.client.setLogLevel(meta.logLevel as LoggingLevel, { signal }); // The server judges it.
    }
    const { progressToken, rest } = meta;
    return upstream.request(method, call.params, {
      signal,
      ...(Object.keys(rest).length > 0 && { meta: rest }),
      ...(progressToken !== undefined && {
        onProgress: (progress) => void this.#tell(call, 'notifications/progress', { ...progress, progressToken }),
      }),
    });
  }

  /** The server's session begins when the host has said who it is, so that the server is told the same. */
  #upstreamFor({ method, params, meta }: HostCall): Upstream {
    const identity =
      method === 'initialize' ? readIdentity(params['clientInfo'], params['capabilities']) : meta.identity;
    const key = JSON.stringify(identity);
    if (this.#upstream !== undefined && (method !== 'initialize' || key === this.#identity)) return this.#upstream;
    void this.#upstream?.close().catch(() => {}); // It belonged to a probe of the same host.
    this.#identity = key;
    return (this.#upstream = this.#options.open(identity, this.#listener));
  }

  #onNotification(wire: Transport, method: string, params: JsonObject): void {
    const { requestId } = params;
    if (method === 'notifications/cancelled') {
      const call = isRequestId(requestId) ? this.#calls.find(wire, requestId) : undefined;
      if (call !== undefined)
        this.#calls.giveUp(call, textOf(params['reason']) ?? 'The host has cancelled the request');
    } else if (method !== 'notifications/initialized') {
      this.#upstream?.client.notify(method, params).catch((error: unknown) => {
        this.#options.log.detail(`${method} of the host did not reach the server: ${String(error)}`);
      });
    }
  }

  #relayNotification(method: string, params: JsonObject): void {
    if (isOfSubscription(method)) return; // Hosts are told by their subscriptions.
    const call = this.#calls.inQuestion();
    if (this.#era === 'legacy') {
      const isOfCall = method === 'notifications/message' && call?.exchange !== undefined;
      if (isOfCall) void this.#tell(call, method, params);
      else if (this.#wire !== undefined) this.#send(this.#wire, { method, params });
      return;
    }
    // A host of the later era can only be told where it waits for an answer.
    if (call === undefined) return;
    if (method !== 'notifications/message' || isSevereEnough(params['level'], call.meta.logLevel))
      void this.#tell(call, method, params);
  }

  async #relayQuestion(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    // On a wire of its own a host may be asked on any call; requests that share nothing but a name must not be mixed up.
    const call = this.#calls.inQuestion() ?? (this.#wire === undefined ? undefined : this.#calls.latest());
    if (this.#era === 'legacy' && this.#wire !== undefined)
      return this.#questions.ask(this.#wire, { method, params }, signal, call?.exchange?.id);
    if (call?.mayAsk === true) return call.ask(method, params, signal);
    throw refusal(rpcCode.methodNotFound, `No single call of the host is under way that could carry ${method}`);
  }

  readonly #tell = async ({ exchange }: HostCall, method: string, params: JsonObject): Promise<void> => {
    if (exchange !== undefined) this.#send(exchange.wire, { method, params }, exchange);
  };

  /** A host that is gone cannot be told so: its wire closes, which ends what it waited for. */
  #send(wire: Transport, message: JsonObject, related?: Exchange): void {
    const options = related === undefined ? undefined : { relatedRequestId: related.id };
    const sending = async (): Promise<void> =>
      wire.send({ jsonrpc: '2.0', ...message } as unknown as JSONRPCMessage, options); // Made of JSON that was received.
    sending().catch((error: unknown) => {
      this.#options.log.detail(`a message did not reach the host: ${String(error)}`);
      // The wire may be well, and only this result impossible to send, for instance since it is nested too deeply.
      if ('result' in message) this.#send(wire, { id: message['id'], error: this.#options.explain(error) });
    });
  }
}

function unsupported(requested: string): Error {
  const data = { supported: [...modernVersions, ...legacyVersions], requested };
  return refusal(rpcCode.unsupportedProtocolVersion, `Unsupported protocol version: ${requested}`, data);
}
