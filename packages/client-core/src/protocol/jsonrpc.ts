import { excerpt, quote } from './excerpt.ts';

/** Any JSON object: what params, results and `_meta` are before they are checked. */
export type JsonObject = Record<string, unknown>;

export type RequestId = string | number;

export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

/** JSON-RPC and MCP error codes that the client itself gives a meaning to. */
export const rpcCode = {
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  headerMismatch: -32020,
  unsupportedProtocolVersion: -32022,
  urlElicitationRequired: -32042,
} as const;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isRequest(message: JsonObject): boolean {
  return typeof message['method'] === 'string' && isRequestId(message['id']);
}

export function isNotification(message: JsonObject): boolean {
  return typeof message['method'] === 'string' && message['id'] === undefined;
}

/** True for results and errors; an `error: null` beside a result does not make it an error. */
export function isResponse(message: JsonObject): boolean {
  return !('method' in message) && ('result' in message || isObject(message['error']));
}

export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'number' || typeof value === 'string';
}

/** A JSON-RPC error made safe to read: servers send codes as strings and leave messages out. */
export function readRpcError(error: JsonObject): RpcError {
  const code = Number(error['code']);
  return {
    code: Number.isInteger(code) ? code : rpcCode.internalError,
    message: typeof error['message'] === 'string' && error['message'] !== '' ? error['message'] : 'no message given',
    data: error['data'],
  };
}

/** The params of a request or notification; a list or nothing at all reads as none. */
export function paramsOf(message: JsonObject): JsonObject {
  return isObject(message['params']) ? message['params'] : {};
}

/** The params of a request that wants to hear of its progress. */
export function withProgressToken(id: number, params: JsonObject = {}): JsonObject {
  return { ...params, _meta: { ...(params['_meta'] as JsonObject | undefined), progressToken: id } }; // Ours to fill.
}

/** How an answer departs from JSON-RPC to the letter. */
export function answerFault(message: JsonObject, id: number | undefined): string | undefined {
  if (message['id'] !== id) return `carries the id ${quote(message['id'])}, not ${id}`;
  const extra = Object.keys(message).filter((key) => !['jsonrpc', 'id', 'result', 'error'].includes(key));
  if (extra.length > 0) return `has unknown keys: ${excerpt(extra.join(', '), 200)}`;
  return 'result' in message && 'error' in message ? 'has both a result and an error' : undefined;
}
