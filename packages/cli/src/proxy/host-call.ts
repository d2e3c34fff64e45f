import { randomBytes } from 'node:crypto';
import type { JsonObject, Transport } from '@toolwire/client-core';
import { isObject, readMeta, type RequestId, type RequestMeta } from './envelope.ts';

/** Where and under which id a host waits for an answer. */
export interface Exchange {
  readonly wire: Transport;
  readonly id: RequestId;
}

/** What a call comes to: its end, or questions to the host before it can go on. */
export type Step =
  | { readonly type: 'done'; readonly result: JsonObject }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'asks'; readonly inputRequests: JsonObject };

interface Question {
  readonly method: string;
  readonly params: JsonObject;
  answer: (result: JsonObject) => void;
  fail: (error: unknown) => void;
}

/** Calls that a modern host may be asked about in between (2026-07-28, multi-round-trip requests). */
const methodsWithInput: readonly string[] = ['tools/call', 'prompts/get', 'resources/read'];

/** One request of a host, over as many exchanges as its questions need. */
export class HostCall {
  readonly method: string;
  readonly params: JsonObject;
  readonly meta: RequestMeta;
  /** By this, and by nothing else, a host comes back to a call that waits for its answers. */
  readonly state: string = randomBytes(16).toString('base64url');
  /** Where the host waits now; nowhere while it thinks about a question. */
  exchange: Exchange | undefined;
  readonly #abort = new AbortController();
  readonly #questions = new Map<string, Question>();
  #asked = 0;
  #outcome: Promise<Step> | undefined;
  #onQuestions: (() => void) | undefined;

  constructor(method: string, params: JsonObject, exchange: Exchange) {
    const { _meta, ...own } = params;
    this.method = method;
    this.params = own;
    this.meta = readMeta({ _meta });
    this.exchange = exchange;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get mayAsk(): boolean {
    return methodsWithInput.includes(this.method);
  }

  /** Lets the call begin; settles when it has come to its end, whether the host has heard of that or not. */
  run(work: () => Promise<JsonObject>): Promise<unknown> {
    return (this.#outcome = work().then(
      (result): Step => ({ type: 'done', result }),
      (error: unknown): Step => ({ type: 'failed', error }),
    ));
  }

  abort(reason: string): void {
    this.#abort.abort(new DOMException(reason, 'AbortError'));
  }

  /** Puts a question to a modern host: it is part of the next step. */
  ask(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    const key = `${method}-${++this.#asked}`;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        signal.removeEventListener('abort', withdraw);
        this.#questions.delete(key);
      };
      const answer = (result: JsonObject): void => {
        settle();
        resolve(result);
      };
      const fail = (error: unknown): void => {
        settle();
        reject(error);
      };
      const withdraw = (): void => fail(signal.reason);
      signal.addEventListener('abort', withdraw, { once: true });
      this.#questions.set(key, { method, params, answer, fail });
      this.#onQuestions?.();
    });
  }

  /** Nobody will come back with answers. */
  failQuestions(): void {
    for (const { fail } of this.#questions.values()) fail(new Error('The host does not wait for this call any more'));
  }

  /** Takes the answers that came with another exchange; a question that is left out is asked again. */
  resume(inputResponses: unknown, exchange: Exchange): void {
    this.exchange = exchange;
    for (const [key, response] of Object.entries(isObject(inputResponses) ? inputResponses : {})) {
      if (isObject(response)) this.#questions.get(key)?.answer(response);
    }
  }

  /** What the host is to be told next. */
  next(): Promise<Step> {
    return new Promise((resolve) => {
      // Questions that are asked together are told together.
      const tell = (): void => void setImmediate(() => this.#questions.size > 0 && resolve(this.#asks()));
      this.#onQuestions = tell;
      if (this.#questions.size > 0) tell();
      void this.#outcome?.then(resolve);
    });
  }

  #asks(): Step {
    const asked = [...this.#questions].map(([key, { method, params }]) => [key, { method, params }] as const);
    return { type: 'asks', inputRequests: Object.fromEntries(asked) };
  }
}
