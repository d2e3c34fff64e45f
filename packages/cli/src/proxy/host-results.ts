import type { JsonObject, ServerInfo } from '@toolwire/client-core';
import { envelopeKey, isObject, legacyVersions, modernVersions } from './envelope.ts';
import type { HostCall } from './host-call.ts';

/** Answers `initialize` in the revision that the host asks for, or in the newest of its era. */
export function initializeResult(server: ServerInfo, asked: unknown): JsonObject {
  const known = legacyVersions.find((version) => version === asked);
  const { capabilities, instructions } = server;
  return {
    protocolVersion: known ?? legacyVersions[0],
    capabilities,
    serverInfo: identityOf(server),
    ...(instructions !== undefined && { instructions }),
  };
}

/** Answers `server/discover`. Tasks are another thing in the later era: those of the earlier one are not offered there. */
export function discoverResult(server: ServerInfo): JsonObject {
  const { tasks: _tasks, ...capabilities } = server.capabilities as JsonObject;
  const { instructions } = server;
  return {
    supportedVersions: [...modernVersions],
    capabilities,
    ...(instructions !== undefined && { instructions }),
    _meta: { [envelopeKey.serverInfo]: identityOf(server) },
  };
}

/** A result with what the host's era expects of every one. */
export function resultFor({ meta, method }: HostCall, result: JsonObject): JsonObject {
  if (meta.era === 'legacy') {
    const { resultType: _later, ...plain } = result;
    return earlierWords.get(method)?.(plain) ?? plain;
  }
  // What a server of the earlier era answers may be out of date at once.
  const hints = isCacheable(method) ? { ttlMs: 0, cacheScope: 'private' } : {};
  return { resultType: 'complete', ...hints, ...result };
}

/** What of a wanted subscription the server can deliver, in the words of `subscriptions/listen`. */
export function grantedOf(wanted: JsonObject, { capabilities }: ServerInfo): JsonObject {
  const { tools, prompts, resources } = capabilities;
  const uris = wanted['resourceSubscriptions'];
  return {
    ...(wanted['toolsListChanged'] === true && tools?.listChanged === true && { toolsListChanged: true }),
    ...(wanted['promptsListChanged'] === true && prompts?.listChanged === true && { promptsListChanged: true }),
    ...(wanted['resourcesListChanged'] === true && resources?.listChanged === true && { resourcesListChanged: true }),
    ...(Array.isArray(uris) && resources?.subscribe === true && { resourceSubscriptions: uris.map(String) }),
  };
}

/** Structured results had to be objects before they could be anything: a host of then refuses a whole list for one other schema. */
const earlierWords: ReadonlyMap<string, (result: JsonObject) => JsonObject> = new Map([
  [
    'tools/list',
    ({ tools, ...others }) => ({ ...others, ...(Array.isArray(tools) && { tools: tools.map(withEarlierSchema) }) }),
  ],
  [
    'tools/call',
    ({ structuredContent, ...others }) => (isObject(structuredContent) ? { ...others, structuredContent } : others),
  ],
]);

function withEarlierSchema(tool: JsonObject): JsonObject {
  const { outputSchema, ...others } = tool;
  return isObject(outputSchema) && outputSchema['type'] === 'object' ? tool : others;
}

function identityOf({ name, version, title }: ServerInfo): JsonObject {
  return { name, version, ...(title !== undefined && { title }) };
}

function isCacheable(method: string): boolean {
  return /\/list$|^resources\/read$|^server\/discover$/.test(method);
}
