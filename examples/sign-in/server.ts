import { createServer, type RequestListener } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createTestServer } from '@toolwire/testing';
import { listen, startAuthorizationServer } from './authorization-server.ts';

/** A server that wants to know who calls, and the one that it trusts with that. */
export interface Library extends AsyncDisposable {
  readonly url: string;
}

/** Starts both on free ports; disposing of it ends them. */
export async function startLibrary(): Promise<Library> {
  const authorization = await startAuthorizationServer();
  const library = createTestServer({
    name: 'library',
    tools: { shelves: { description: 'How many shelves there are', handler: () => 'There are 12 shelves' } },
  });
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    // Where callers find out whom to ask for a token.
    if (pathname === '/.well-known/oauth-protected-resource/mcp')
      return Response.json({
        resource: url,
        authorization_servers: [authorization.url],
        scopes_supported: ['library:read'],
      });
    const token = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
    if (await authorization.accepts(token, url)) return library.fetch(request);
    return Response.json({ error: 'Who are you?' }, { status: 401, headers: { 'www-authenticate': 'Bearer' } });
  };
  // The adapter's types do not know exactOptionalPropertyTypes, which this repository sets.
  const http = createServer(toNodeHandler({ fetch }) as RequestListener);
  const url = `${await listen(http)}/mcp`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      await library.close();
      http.close().closeAllConnections();
      authorization.close();
    },
  };
}
