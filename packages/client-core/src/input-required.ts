import { McpError } from './errors.ts';
import { answer, type Handlers } from './handlers.ts';
import { isObject, type JsonObject } from './protocol/jsonrpc.ts';

const maxRounds = 16;

/**
 * Takes a call through its rounds of input (2026-07-28, multi-round-trip requests): answers what the server asks by the
 * handlers, and asks again with the answers and the server's `requestState`, byte for byte, until the result is complete.
 */
export async function completeRounds(
  method: string,
  params: JsonObject,
  handlers: Handlers,
  signal: AbortSignal,
  ask: (params: JsonObject) => Promise<unknown>,
): Promise<unknown> {
  let result = await ask(params);
  if (!isInputRequired(method, result)) return result;
  for (let round = 1; isInputRequired(method, result); round++) {
    if (round > maxRounds) throw unusable(method, `asks for input for more than ${maxRounds} rounds`);
    result = await ask({ ...params, ...(await nextInput(method, result, handlers, signal)) });
  }
  return isObject(result) ? { ...result, ttlMs: 0 } : result; // What needed input must not be cached.
}

/** Only these may ask for input; an unknown `resultType` is an error, an absent one means complete. */
const methodsWithInput: readonly string[] = ['tools/call', 'prompts/get', 'resources/read'];

function isInputRequired(method: string, result: unknown): result is JsonObject {
  const type = isObject(result) ? result['resultType'] : undefined;
  if (type === undefined || type === 'complete') return false;
  if (type !== 'input_required' || !methodsWithInput.includes(method))
    throw unusable(method, `answers with the unknown resultType ${JSON.stringify(type)}`);
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
