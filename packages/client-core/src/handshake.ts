import { isMcpError, McpError, ProtocolError } from './errors.ts';
import type { Peer } from './peer.ts';
import { quote } from './protocol/excerpt.ts';
import { isObject, rpcCode, type JsonObject } from './protocol/jsonrpc.ts';
import { envelope, metaKey, type ClientIdentity } from './protocol/revision-2026-07-28.ts';
import {
  isLegacyVersion,
  isModernVersion,
  legacyVersions,
  modernVersions,
  newestCommon,
  type Era,
  type ProtocolVersion,
} from './protocol/revisions.ts';
import type { ServerCapabilities } from './protocol/types.ts';

/** What a server says of itself when it is connected. */
export interface ServerInfo {
  name: string;
  version: string;
  title?: string;
  instructions?: string;
  protocolVersion: ProtocolVersion;
  capabilities: ServerCapabilities;
}

export interface HandshakeOptions {
  identity: ClientIdentity;
  /** `auto` asks with `server/discover` first; a revision is used without asking. */
  protocolVersion: ProtocolVersion | 'auto';
  /** Which era this server spoke last time, so that it is not asked again. */
  knownEra?: Era | undefined;
  /** Milliseconds that a server may think about `server/discover` before `initialize` is tried. */
  probeTimeoutMs: number;
  timeoutMs: number;
}

/** Agrees on a revision with the server: one short probe, then the handshake of its era. */
export async function handshake(peer: Peer, options: HandshakeOptions): Promise<ServerInfo> {
  const { protocolVersion, knownEra } = options;
  if (isLegacyVersion(protocolVersion))
    return initialize(peer, protocolVersion, options).catch(explainRefusal(protocolVersion));
  if (isModernVersion(protocolVersion))
    return discover(peer, protocolVersion, options).catch(explainRefusal(protocolVersion));
  if (knownEra === 'legacy') return initialize(peer, legacyVersions[0], options);
  return probe(peer, options);
}

/**
 * Asks `server/discover`, and takes every answer but a modern one as "legacy": servers answer it with any error, any
 * status, a closed connection or silence. A late answer still counts when `initialize` fails, for servers that start slowly.
 */
async function probe(peer: Peer, options: HandshakeOptions): Promise<ServerInfo> {
  const late = new AbortController();
  const asked = discover(peer, modernVersions[0], options, late.signal);
  const first = await settleWithin(asked, options.probeTimeoutMs);
  if (first?.server !== undefined) return first.server;
  if (first !== undefined && (isFinal(first.error) || peer.closed)) throw first.error;
  try {
    return await initialize(peer, versionToOffer(first?.error), options);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    // It was only slow to start, or not reached: now that it is awake, the probe can be asked again, or its answer is about to come.
    if (supportedAfterRefusal(error) !== undefined) return await discover(peer, modernVersions[0], options);
    if (first !== undefined) throw error;
    const answered = await settleWithin(asked, lateAnswerMs);
    if (answered?.server === undefined) throw error;
    return answered.server;
  } finally {
    late.abort(); // Nobody waits for a probe that was never answered.
  }
}

/** How long the probe's answer may come after the refusal of `initialize`, in milliseconds. */
const lateAnswerMs = 1000;

type Outcome = { server: ServerInfo; error?: never } | { server?: never; error: unknown };

/** How `asked` has settled, or `undefined` when it has not within `ms`. */
function settleWithin(asked: Promise<ServerInfo>, ms: number): Promise<Outcome | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    asked.then(
      (server) => settle({ server }),
      (error: unknown) => settle({ error }),
    );
  });
}

/** Failures that a different handshake on the same connection cannot mend. */
function isFinal(error: unknown): boolean {
  if (!isMcpError(error)) return false;
  // A page is not told why it failed: an older server may not allow pages to send the headers of the probe (CORS).
  return finalCodes.has(error.code) || (error.code === 'connection-failed' && error.delivered === 'no');
}

const finalCodes: ReadonlySet<string> = new Set(['unauthorized', 'server-exited', 'rate-limited']);

/** The legacy revision that a server names when it refuses ours, else the newest. */
function versionToOffer(error: unknown): ProtocolVersion {
  const data = error instanceof ProtocolError ? error.data : undefined;
  return newestCommon(legacyVersions, isObject(data) ? data['supported'] : undefined) ?? legacyVersions[0];
}

async function discover(
  peer: Peer,
  version: ProtocolVersion,
  options: HandshakeOptions,
  signal?: AbortSignal,
): Promise<ServerInfo> {
  peer.era = 'modern';
  const result = await askDiscover(peer, version, options, signal).catch((error: unknown) => {
    const agreed = supportedAfterRefusal(error);
    if (agreed === undefined) throw error;
    return askDiscover(peer, agreed, options, signal);
  });
  const agreed = isObject(result) ? newestCommon(modernVersions, result['supportedVersions']) : undefined;
  if (!isObject(result) || agreed === undefined)
    throw unsupported(isObject(result) ? result['supportedVersions'] : result);
  return serverInfo(agreed, result, metaOf(result)[metaKey.serverInfo] ?? result['serverInfo']);
}

function askDiscover(
  peer: Peer,
  version: ProtocolVersion,
  { identity, timeoutMs }: HandshakeOptions,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const params = { _meta: envelope(version, identity, undefined) };
  return peer.request('server/discover', params, { timeoutMs, maxTotalMs: timeoutMs, signal });
}

/** The modern revision to ask again with, once, when the server refused the first and names its own (-32022). */
function supportedAfterRefusal(error: unknown): ProtocolVersion | undefined {
  if (!(error instanceof ProtocolError) || error.rpcCode !== rpcCode.unsupportedProtocolVersion) return undefined;
  return isObject(error.data) ? newestCommon(modernVersions, error.data['supported']) : undefined;
}

async function initialize(peer: Peer, version: ProtocolVersion, options: HandshakeOptions): Promise<ServerInfo> {
  peer.era = 'legacy';
  const { identity, timeoutMs } = options;
  const params = { protocolVersion: version, capabilities: identity.capabilities, clientInfo: identity.clientInfo };
  const result = await peer.request('initialize', params, { timeoutMs, maxTotalMs: timeoutMs });
  if (!isObject(result)) throw new McpError('invalid-response', 'The server answered initialize with no object');
  const agreed = result['protocolVersion'];
  if (!isLegacyVersion(agreed)) throw unsupported(agreed);
  peer.transport.setProtocolVersion?.(agreed);
  await peer.notify('notifications/initialized');
  return serverInfo(agreed, result, result['serverInfo']);
}

/** A server that refuses the one revision that the caller allows says so in an error of the protocol. */
function explainRefusal(version: ProtocolVersion): (error: unknown) => never {
  return (error) => {
    const refusals: readonly unknown[] = [rpcCode.unsupportedProtocolVersion, rpcCode.methodNotFound];
    if (!(error instanceof ProtocolError) || !refusals.includes(error.rpcCode)) throw error;
    const theirs = isObject(error.data) ? error.data['supported'] : undefined;
    const offer = Array.isArray(theirs)
      ? `it speaks ${theirs.join(', ')}`
      : "use protocolVersion: 'auto' to find its own";
    const text = `The server does not speak ${version}, which protocolVersion asks for; ${offer}`;
    throw new McpError('unsupported-version', text, { delivered: 'yes', cause: error });
  };
}

function unsupported(theirs: unknown): McpError {
  const ours = [...modernVersions, ...legacyVersions].join(', ');
  const text = `The server speaks protocol ${quote(theirs, 300)}; this client speaks ${ours}`;
  return new McpError('unsupported-version', text, { delivered: 'yes' });
}

function metaOf(result: JsonObject): JsonObject {
  return isObject(result['_meta']) ? result['_meta'] : {};
}

function serverInfo(protocolVersion: ProtocolVersion, result: JsonObject, info: unknown): ServerInfo {
  const { name, version, title } = isObject(info) ? info : {};
  const { instructions, capabilities } = result;
  return {
    name: typeof name === 'string' ? name : 'unnamed server',
    version: typeof version === 'string' ? version : 'unknown',
    ...(typeof title === 'string' && { title }),
    ...(typeof instructions === 'string' && { instructions }),
    protocolVersion,
    capabilities: isObject(capabilities) ? capabilities : {},
  };
}
