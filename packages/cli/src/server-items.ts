import { isMcpError, type Prompt, type Resource, type ResourceTemplate, type Tool } from '@toolwire/client-core';
import type { OpenServer } from './servers.ts';
import { firstSentence } from './output/table.ts';
import { ServerFailure } from './server-failure.ts';

/** One kind of thing that servers offer: how it is listed, and what people call it. */
export interface ItemKind<Item> {
  /** One of them, as an error code and a message name it. */
  readonly word: 'tool' | 'prompt' | 'resource' | 'template' | 'task';
  readonly plural: string;
  /** Its name in the protocol's result. */
  readonly key: string;
  readonly head: readonly string[];
  list(server: OpenServer): Promise<readonly Item[]>;
  nameOf(item: Item): string;
  rowOf(item: Item): readonly string[];
}

export const toolKind: ItemKind<Tool> = {
  word: 'tool',
  plural: 'tools',
  key: 'tools',
  head: ['Tool', 'Description'],
  list: (server) => server.listTools(),
  nameOf: ({ name }) => name,
  rowOf: ({ name, description, title }) => [name, firstSentence(description ?? title ?? '')],
};

export const promptKind: ItemKind<Prompt> = {
  word: 'prompt',
  plural: 'prompts',
  key: 'prompts',
  head: ['Prompt', 'Description'],
  list: (server) => noneWhereUnknown(server.use((client) => client.listPrompts())),
  nameOf: ({ name }) => name,
  rowOf: ({ name, description, title }) => [name, firstSentence(description ?? title ?? '')],
};

export const resourceKind: ItemKind<Resource> = {
  word: 'resource',
  plural: 'resources',
  key: 'resources',
  head: ['URI', 'Type', 'Description'],
  list: (server) => noneWhereUnknown(server.use((client) => client.listResources())),
  nameOf: ({ uri }) => uri,
  rowOf: ({ uri, mimeType = '', description, title, name }) => [
    uri,
    mimeType,
    firstSentence(description ?? title ?? name),
  ],
};

export const templateKind: ItemKind<ResourceTemplate> = {
  word: 'template',
  plural: 'resource templates',
  key: 'resourceTemplates',
  head: ['Template', 'Type', 'Description'],
  list: (server) => noneWhereUnknown(server.use((client) => client.listResourceTemplates())),
  nameOf: ({ uriTemplate }) => uriTemplate,
  rowOf: ({ uriTemplate, mimeType = '', description, title, name }) => [
    uriTemplate,
    mimeType,
    firstSentence(description ?? title ?? name),
  ],
};

const methodNotFound = -32601;

/** A server that does not know the question has none of what it asks for. */
async function noneWhereUnknown<Item>(listing: Promise<readonly Item[]>): Promise<readonly Item[]> {
  try {
    return await listing;
  } catch (error) {
    const cause = error instanceof ServerFailure ? error.cause : error;
    const isUnknown = isMcpError(cause) && 'rpcCode' in cause && cause.rpcCode === methodNotFound;
    if (isUnknown || (isMcpError(cause) && cause.code === 'unsupported-capability')) return [];
    throw error;
  }
}
