import type { ClientCapabilities, Implementation, JsonObject } from '@toolwire/client-core';

export type RequestId = string | number;

/** The revisions that hosts are spoken to in, newest first: up to 2025-11-25 a host shakes hands, later ones do not. */
export const legacyVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;
export const modernVersions = ['2026-07-28'] as const;

/** How a host says who it is: once, or with every request. */
export type Era = 'legacy' | 'modern';

/** Keys of the `_meta` envelope (basic/index, 2026-07-28). */
export const envelopeKey = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;

/** Who a host is and what it can do; the server behind the proxy is told the same. */
export interface HostIdentity {
  readonly clientInfo: Implementation;
  readonly capabilities: ClientCapabilities;
}

/** What a request says besides its own parameters. */
export interface RequestMeta {
  readonly era: Era;
  /** The revision that a modern request names. */
  readonly version: string | undefined;
  readonly identity: HostIdentity;
  readonly logLevel: string | undefined;
  readonly progressToken: RequestId | undefined;
  /** What is left for the server. */
  readonly rest: JsonObject;
}

/** Takes apart the `_meta` of a request; what belongs to the connection with the host is not the server's. */
export function readMeta(params: JsonObject): RequestMeta {
  const meta = isObject(params['_meta']) ? params['_meta'] : {};
  const { progressToken, ...others } = meta;
  const version = textOf(meta[envelopeKey.protocolVersion]);
  return {
    era: version === undefined ? 'legacy' : 'modern',
    version,
    identity: readIdentity(meta[envelopeKey.clientInfo], meta[envelopeKey.clientCapabilities]),
    logLevel: textOf(meta[envelopeKey.logLevel]),
    progressToken: isRequestId(progressToken) ? progressToken : undefined,
    rest: Object.fromEntries(Object.entries(others).filter(([key]) => !ownKeys.has(key))),
  };
}

const ownKeys: ReadonlySet<string> = new Set(Object.values(envelopeKey));

/** Who speaks, from what it says of itself; a host that says nothing is a host without abilities. */
export function readIdentity(clientInfo: unknown, capabilities: unknown): HostIdentity {
  const named = isObject(clientInfo) && typeof clientInfo['name'] === 'string';
  return {
    clientInfo: named ? (clientInfo as Implementation) : { name: 'mcp-proxy', version: '0' }, // What else it says is passed on.
    capabilities: isObject(capabilities) ? capabilities : {},
  };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || typeof value === 'number';
}
