import { ProtocolError } from './errors.ts';
import { isObject, rpcCode, type JsonObject } from './protocol/jsonrpc.ts';
import type {
  ClientCapabilities,
  CreateMessageRequestParams,
  CreateMessageResult,
  CreateMessageResultWithTools,
  ElicitRequestParams,
  ElicitResult,
  Root,
} from './protocol/types.ts';

/** What a handler learns besides the server's words. */
export interface HandlerContext {
  /** Aborts when the server takes its request back, or the connection closes. */
  signal: AbortSignal;
}

/**
 * What this side does for a server that asks; each one given is announced as a capability.
 * Both eras reach the same handlers: as requests of the server, or as input that a call needs (2026-07-28).
 */
export interface Handlers {
  /** Runs a prompt through a model. */
  sampling?(
    params: CreateMessageRequestParams,
    context: HandlerContext,
  ): Promise<CreateMessageResult | CreateMessageResultWithTools>;
  /** Asks the user: a form (`mode` absent or `form`) or a page to visit (`mode: 'url'`). Defaults of the form's schema fill what an accepted answer leaves out. */
  elicitation?(params: ElicitRequestParams, context: HandlerContext): ElicitResult | Promise<ElicitResult>;
  /** The folders or files that the server may look at. */
  roots?: readonly Root[] | (() => readonly Root[] | Promise<readonly Root[]>);
  /** Answers every request but `ping` that no other handler answers, for relays and extensions: announces nothing by itself. */
  request?(method: string, params: JsonObject, context: HandlerContext): Promise<JsonObject>;
}

/** What the handlers let this client announce, over what the caller announces himself. */
export function capabilitiesOf(handlers: Handlers, announced: ClientCapabilities = {}): ClientCapabilities {
  return {
    ...(handlers.sampling !== undefined && { sampling: {} }),
    ...(handlers.elicitation !== undefined && { elicitation: { form: {}, url: {} } }),
    ...(handlers.roots !== undefined && { roots: {} }),
    ...announced,
  };
}

/** Answers one request of the server, or throws the JSON-RPC error to answer with. */
export async function answer(
  handlers: Handlers,
  method: string,
  params: JsonObject,
  signal: AbortSignal,
): Promise<unknown> {
  if (method === 'ping') return {};
  if (method === 'roots/list' && handlers.roots !== undefined) {
    return { roots: typeof handlers.roots === 'function' ? await handlers.roots() : handlers.roots };
  }
  // The server's word is passed on as it is: a handler sees exactly what was asked.
  if (method === 'sampling/createMessage' && handlers.sampling !== undefined) {
    return handlers.sampling(params as unknown as CreateMessageRequestParams, { signal });
  }
  if (method === 'elicitation/create' && handlers.elicitation !== undefined) {
    const result = await handlers.elicitation(params as unknown as ElicitRequestParams, { signal });
    return withDefaults(result, params['requestedSchema']);
  }
  if (handlers.request !== undefined) return handlers.request(method, params, { signal });
  throw new ProtocolError(`This client does not handle ${method}`, { rpcCode: rpcCode.methodNotFound });
}

/** Fills an accepted form with the defaults of its schema (SEP-1034). */
function withDefaults(result: ElicitResult, schema: unknown): ElicitResult {
  if (result.action !== 'accept' || !isObject(schema) || !isObject(schema['properties'])) return result;
  const defaults = Object.entries(schema['properties']).flatMap(([key, property]) =>
    isObject(property) && property['default'] !== undefined ? [[key, property['default']] as const] : [],
  );
  return { ...result, content: { ...(Object.fromEntries(defaults) as ElicitResult['content']), ...result.content } };
}
