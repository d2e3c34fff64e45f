import { ProtocolError } from './errors.ts';
import { paramsOf, rpcCode, type JsonObject, type RequestId } from './protocol/jsonrpc.ts';
import type { OnReport } from './protocol/report.ts';

/** Who answers the server. */
export interface InboundListener {
  /** Answers a request of the server; the signal aborts when the server cancels it. */
  onRequest(method: string, params: JsonObject, signal: AbortSignal): Promise<unknown>;
  onReport: OnReport;
}

/** The server's own requests, each until it is answered or taken back. */
export class InboundRequests {
  readonly #listener: InboundListener;
  readonly #send: (answer: JsonObject, id: RequestId) => Promise<void>;
  readonly #onAnswered: (tookMs: number) => void;
  readonly #open = new Map<RequestId, AbortController>();
  #since = 0;

  /** `onAnswered` is told for how long the server has waited, once it waits for nothing any more. */
  constructor(
    listener: InboundListener,
    send: (answer: JsonObject, id: RequestId) => Promise<void>,
    onAnswered: (tookMs: number) => void,
  ) {
    this.#listener = listener;
    this.#send = send;
    this.#onAnswered = onAnswered;
  }

  /** The server waits for this side. */
  get isAnswering(): boolean {
    return this.#open.size > 0;
  }

  async answer(request: JsonObject): Promise<void> {
    const id = request['id'] as RequestId; // Only messages with an id are requests.
    const controller = new AbortController();
    if (!this.isAnswering) this.#since = Date.now();
    this.#open.set(id, controller);
    let answer: JsonObject;
    try {
      const method = request['method'] as string; // As above.
      answer = { result: await this.#listener.onRequest(method, paramsOf(request), controller.signal) };
    } catch (error) {
      answer = { error: toRpcError(error) };
    }
    if (controller.signal.aborted) return; // Nobody waits for it any more.
    this.#end(id);
    await this.#send({ jsonrpc: '2.0', id, ...answer }, id).catch((error: unknown) =>
      this.#listener.onReport({
        kind: 'transport-error',
        message: 'An answer to the server was not sent',
        detail: error,
      }),
    );
  }

  cancel(id: RequestId): void {
    this.#open.get(id)?.abort();
    this.#end(id);
  }

  cancelAll(): void {
    for (const controller of this.#open.values()) controller.abort();
  }

  #end(id: RequestId): void {
    if (this.#open.delete(id) && !this.isAnswering) this.#onAnswered(Date.now() - this.#since);
  }
}

function toRpcError(error: unknown): JsonObject {
  if (error instanceof ProtocolError) {
    const { rpcCode: code, message, data } = error;
    return { code, message, ...(data !== undefined && { data }) };
  }
  return { code: rpcCode.internalError, message: error instanceof Error ? error.message : String(error) };
}
