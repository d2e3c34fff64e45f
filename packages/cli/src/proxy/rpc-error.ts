import { isMcpError, ProtocolError, type JsonObject } from '@toolwire/client-core';
import { describeFailure } from '../output/failure.ts';
import { ServerFailure } from '../server-failure.ts';
import type { Redact } from './redaction.ts';

/** Error codes of JSON-RPC and MCP that the proxy itself answers with. */
export const rpcCode = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  serverError: -32_000,
  requestTimeout: -32_001,
  unsupportedProtocolVersion: -32_022,
} as const;

/** A failure as a host is told it: the server's own errors word for word, others with what failed and what to do. */
export function rpcErrorOf(error: unknown, server: string, redact: Redact): JsonObject {
  if (error instanceof ProtocolError) {
    const { rpcCode: code, rpcMessage: message, data } = error;
    return { code, message, ...(data !== undefined && { data }) };
  }
  const { code, message, hint, stderr } = describeFailure(new ServerFailure(server, [], error));
  const lastWords = stderr.length === 0 ? [] : ['Its last words:', ...stderr];
  const text = [message, ...(hint === undefined ? [] : [hint]), ...lastWords].join('\n');
  const fate = isMcpError(error) && { retryable: error.retryable, delivered: error.delivered };
  return {
    code: code === 'timeout' ? rpcCode.requestTimeout : rpcCode.serverError,
    message: redact(text),
    data: { code, ...fate },
  };
}

/** An error that the proxy itself answers a host with. */
export function refusal(code: number, message: string, data?: unknown): ProtocolError {
  return new ProtocolError(message, { rpcCode: code, data });
}
