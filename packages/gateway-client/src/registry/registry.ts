import { ArgumentsInvalidError } from '@toolwire/client-core';
import { GatewayHttp, type GatewayHttpOptions } from '../gateway-http.ts';
import { readRegistryPages, readRegistryServer } from './registry-api.ts';
import type { RegistryServer } from './registry-server.ts';

/** Where the official registry is. */
export const officialRegistry = 'https://registry.modelcontextprotocol.io';

/** A catalogue of servers, by the API of the official MCP Registry. */
export interface Registry {
  /** The latest versions of servers whose names hold `text`. `limit` defaults to 30. */
  search(text: string, options?: { limit?: number; signal?: AbortSignal }): Promise<RegistryServer[]>;
  /** One server by its whole name, such as `io.github.owner/name`. `version` defaults to the latest. */
  get(name: string, options?: { version?: string; signal?: AbortSignal }): Promise<RegistryServer>;
}

/** Opens a registry; nothing is sent yet. */
export function openRegistry(url: string | URL = officialRegistry, options: GatewayHttpOptions = {}): Registry {
  const http = new GatewayHttp(new URL(url), options);
  return {
    search: (text, { limit = 30, signal } = {}) =>
      readRegistryPages(http, { search: text, version: 'latest' }, limit, signal),
    async get(name, { version = 'latest', signal } = {}) {
      const server = await readRegistryServer(http, name, version, signal);
      if (server !== undefined) return server;
      const text = `The registry at ${http.base.origin} has no server ${JSON.stringify(name)} (${version})`;
      throw new ArgumentsInvalidError(text, { path: 'name', expected: 'the whole name of a server' });
    },
  };
}
