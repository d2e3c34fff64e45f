import { ProtocolError } from '../errors.ts';
import { excerpt } from './excerpt.ts';
import { readRpcError, rpcCode, type JsonObject } from './jsonrpc.ts';

/** The typed error for a JSON-RPC error that answers `method`. */
export function rpcFailure(method: string, error: JsonObject): ProtocolError {
  const { code, message, data } = readRpcError(error);
  const isInternal = code === rpcCode.internalError; // It may have happened before, during or after.
  return new ProtocolError(
    `${method} failed: ${excerpt(message)} (${code})`,
    { rpcCode: code, data, rpcMessage: message },
    isInternal ? { retryable: true, delivered: 'unknown' } : {},
  );
}
