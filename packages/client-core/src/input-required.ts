import { McpError } from './errors.ts';
import { answer, type Handlers } from './handlers.ts';
import { quote } from './protocol/excerpt.ts';
import { isObject, type JsonObject } from './protocol/jsonrpc.ts';
import { abortable } from './signals.ts';

const maxRounds = 16;

/** A call that has been answered with a request for input. */
export interface PausedCall {
  method: string;
  params: JsonObject;
  /** When the whole call must be over. */
  finalAt: number;
  signal: AbortSignal | undefined;
  ask: (params: JsonObject) => Promise<unknown>;
}

/**
 * Takes a call through its rounds of input (2026-07-28, multi-round-trip requests): answers what the server asks by the
 * handlers, and asks again with the answers and the server's `requestState`, byte for byte, until the result is complete.
 */
export async function completeRounds(call: PausedCall, first: JsonObject, handlers: Handlers): Promise<unknown> {
  const { method, params, ask } = call;
  const giveUp = new AbortController();
  const onAbort = (): void => giveUp.abort(call.signal?.reason);
  const outOfTime = new McpError('timeout', `${method} was not complete in its time: a question of the server is open`);
  const timer = setTimeout(() => giveUp.abort(outOfTime), Math.min(call.finalAt - Date.now(), 2 ** 31 - 1));
  if (call.signal?.aborted === true) onAbort(); // The answer and the abort may come in the same tick.
  call.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    let result: unknown = first;
    for (let round = 1; isInputRequired(method, result); round++) {
      if (round > maxRounds) throw unusable(method, `asks for input for more than ${maxRounds} rounds`);
      const input = await abortable(nextInput(method, result, handlers, giveUp.signal), giveUp.signal);
      result = await ask({ ...params, ...input });
    }
    return isObject(result) ? { ...result, ttlMs: 0 } : result; // What needed input must not be cached.
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', onAbort);
  }
}

/** Only these may ask for input; an unknown `resultType` is an error, an absent one means complete. */
const methodsWithInput: readonly string[] = ['tools/call', 'prompts/get', 'resources/read'];

export function isInputRequired(method: string, result: unknown): result is JsonObject {
  const type = isObject(result) ? result['resultType'] : undefined;
  if (type === undefined || type === 'complete') return false;
  if (type !== 'input_required' || !methodsWithInput.includes(method))
    throw unusable(method, `answers with the unknown resultType ${quote(type)}`);
  return true;
}

async function nextInput(
  method: string,
  result: JsonObject,
  handlers: Handlers,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { inputRequests, requestState } = result;
  if (!isObject(inputRequests) && requestState === undefined)
    throw unusable(method, 'asks for input but not for which');
  const asked = Object.entries(isObject(inputRequests) ? inputRequests : {});
  const answers = await Promise.all(
    asked.map(async ([key, request]) => {
      const embedded = isObject(request) ? request : {};
      const params = isObject(embedded['params']) ? embedded['params'] : {};
      return [key, await answer(handlers, String(embedded['method']), params, signal)] as const;
    }),
  );
  return {
    ...(isObject(inputRequests) && { inputResponses: Object.fromEntries(answers) }),
    ...(requestState !== undefined && { requestState }),
  };
}

function unusable(method: string, what: string): McpError {
  return new McpError('invalid-response', `The server ${what} (${method})`, { delivered: 'yes' });
}
