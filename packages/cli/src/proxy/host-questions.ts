import { ProtocolError, type JSONRPCMessage, type JsonObject, type Transport } from '@toolwire/client-core';
import { isObject, type RequestId } from './envelope.ts';
import { rpcCode } from './rpc-error.ts';

interface Open {
  answer: (result: JsonObject) => void;
  fail: (error: Error) => void;
}

/** What the server asks a legacy host: requests over the host's own wire, under ids of the proxy. */
export class HostQuestions {
  readonly #open = new Map<RequestId, Open>();
  #nextId = 1;

  /** `related` is the request of the host that the question belongs to: it travels on the stream of its answer. */
  ask(
    wire: Transport,
    { method, params }: { method: string; params: JsonObject },
    signal: AbortSignal,
    related: RequestId | undefined,
  ): Promise<JsonObject> {
    const id = this.#nextId++;
    const send = (message: JsonObject): Promise<void> =>
      wire.send({ jsonrpc: '2.0', ...message } as unknown as JSONRPCMessage, {
        ...(related !== undefined && { relatedRequestId: related }),
      });
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#open.delete(id);
        signal.removeEventListener('abort', withdraw);
      };
      const fail = (error: unknown): void => {
        settle();
        reject(error);
      };
      const withdraw = (): void => {
        fail(signal.reason);
        send({ method: 'notifications/cancelled', params: { requestId: id } }).catch(() => {}); // The host is gone already.
      };
      const answer = (result: JsonObject): void => {
        settle();
        resolve(result);
      };
      this.#open.set(id, { answer, fail });
      signal.addEventListener('abort', withdraw, { once: true });
      send({ id, method, params }).catch(fail);
    });
  }

  /** Takes an answer of the host; one to nothing that was asked means nothing. */
  settle({ id, result, error }: JsonObject): void {
    const open = this.#open.get(id as RequestId); // Looked up only.
    if (open === undefined) return;
    if (isObject(error)) open.fail(hostError(error));
    else open.answer(isObject(result) ? result : {});
  }

  /** Nobody is left who could answer. */
  failAll(): void {
    for (const { fail } of this.#open.values()) fail(new Error('The host is gone'));
  }
}

/** An error of the host, for the server word for word. */
function hostError({ code, message, data }: JsonObject): ProtocolError {
  const known = typeof code === 'number' ? code : rpcCode.serverError;
  return new ProtocolError(String(message), { rpcCode: known, ...(data !== undefined && { data }) });
}
