import { AsyncLocalStorage } from 'node:async_hooks';
import type { JsonObject, Transport } from '@toolwire/client-core';
import { readMeta, textOf, type RequestId } from './envelope.ts';
import { HostCall, type Exchange } from './host-call.ts';
import { refusal, rpcCode } from './rpc-error.ts';

/** Calls that wait for a host which may never come back; beyond these the oldest is given up. */
const mostPaused = 100;

/** The calls of one host that are not over. */
export class HostCalls {
  readonly #open = new Set<HostCall>();
  readonly #paused = new Map<string, HostCall>();
  readonly #running = new AsyncLocalStorage<HostCall>();

  begin(
    method: string,
    params: JsonObject,
    exchange: Exchange,
    work: (call: HostCall) => Promise<JsonObject>,
  ): HostCall {
    if (this.find(exchange.wire, exchange.id) !== undefined)
      throw refusal(rpcCode.invalidRequest, `The id ${exchange.id} belongs to a request that is under way`);
    const call = new HostCall(method, params, exchange);
    this.#open.add(call);
    // One that is over can still be fetched, but asks no more.
    void this.#running.run(call, () => call.run(() => work(call))).then(() => this.#open.delete(call));
    return call;
  }

  /** The call that a host comes back to with answers. */
  resume(params: JsonObject, exchange: Exchange): HostCall | undefined {
    const { requestState, inputResponses } = params;
    if (requestState === undefined || readMeta(params).era === 'legacy') return undefined;
    const call = this.#paused.get(textOf(requestState) ?? '');
    if (call === undefined)
      throw refusal(rpcCode.invalidParams, 'The call that this requestState belongs to is over: call again');
    this.#paused.delete(call.state);
    call.resume(inputResponses, exchange);
    return call;
  }

  pause(call: HostCall): void {
    call.exchange = undefined;
    this.#paused.set(call.state, call);
    const [oldest] = this.#paused.values();
    if (this.#paused.size > mostPaused && oldest !== undefined) this.giveUp(oldest, 'Too many questions are open');
  }

  end(call: HostCall): void {
    call.exchange = undefined;
    this.#open.delete(call);
    this.#paused.delete(call.state);
    call.failQuestions();
  }

  giveUp(call: HostCall, reason: string): void {
    this.end(call);
    call.abort(reason);
  }

  find(wire: Transport, id: RequestId): HostCall | undefined {
    return this.#on(wire).find(({ exchange }) => exchange?.id === id);
  }

  /** The host cannot be answered on this wire any more. */
  abandon(wire: Transport): void {
    for (const call of this.#on(wire)) this.giveUp(call, 'The host is gone');
  }

  giveUpAll(): void {
    for (const call of this.#open) this.giveUp(call, 'The connection with the host is closed');
  }

  /**
   * The call that the server speaks about: the one on whose stream it does so, where its wire has such streams, else the only
   * one that there is. With several there is no telling.
   */
  inQuestion(): HostCall | undefined {
    const running = this.#running.getStore();
    if (running !== undefined && this.#open.has(running)) return running;
    const candidates = [...this.#open].filter(({ mayAsk }) => mayAsk);
    return candidates.length === 1 ? candidates[0] : undefined;
  }

  /** The youngest call that can carry a question: for hosts of which one session has only one. */
  latest(): HostCall | undefined {
    return [...this.#open].findLast(({ mayAsk }) => mayAsk);
  }

  #on(wire: Transport): HostCall[] {
    return [...this.#open].filter(({ exchange }) => exchange?.wire === wire);
  }
}
