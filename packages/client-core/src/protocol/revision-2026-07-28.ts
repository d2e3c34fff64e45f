import type { JsonObject } from './jsonrpc.ts';
import type { ClientCapabilities, Implementation, LoggingLevel } from './types.ts';

/** Keys of the `_meta` envelope (basic/index, 2026-07-28). */
export const metaKey = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;

/** What a client says of itself with every request. */
export interface ClientIdentity {
  clientInfo: Implementation;
  capabilities: ClientCapabilities;
}

/** The part of `_meta` that every request must carry; without `logLevel` the server sends no log messages. */
export function envelope(version: string, identity: ClientIdentity, logLevel: LoggingLevel | undefined): JsonObject {
  return {
    [metaKey.protocolVersion]: version,
    [metaKey.clientInfo]: identity.clientInfo,
    [metaKey.clientCapabilities]: identity.capabilities,
    ...(logLevel !== undefined && { [metaKey.logLevel]: logLevel }),
  };
}

/** Where the value of `Mcp-Name` is found in a request's params. */
const nameParam: Record<string, string> = { 'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri' };

/** The headers that repeat a request's own words over HTTP, so that proxies can route it without reading the body. */
export function routingHeaders(method: string, params: JsonObject): Record<string, string> | undefined {
  const version = (params['_meta'] as JsonObject | undefined)?.[metaKey.protocolVersion];
  if (typeof version !== 'string') return undefined;
  const headers: Record<string, string> = { 'mcp-protocol-version': version, 'mcp-method': method };
  const name = Object.hasOwn(nameParam, method) ? params[nameParam[method] ?? ''] : undefined;
  if (typeof name === 'string') headers['mcp-name'] = encodeHeaderValue(name);
  return headers;
}

const plainValue = /^(?![ \t])[\x20-\x7e\t]*(?<![ \t])$/;

/** A value as a header may carry it: unsafe ones, and those that look encoded already, go as `=?base64?…?=`. */
export function encodeHeaderValue(value: string): string {
  if (plainValue.test(value) && !/^=\?base64\?.*\?=$/i.test(value)) return value;
  return `=?base64?${bytesToBase64(new TextEncoder().encode(value))}?=`;
}

function bytesToBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
