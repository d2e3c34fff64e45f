import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import type { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import {
  connect,
  memoryTransportPair,
  type ClientOptions,
  type JsonObject,
  type McpClient,
  type Transport,
} from '@toolwire/client-core';
import { callsIn, type ReceivedCall } from './calls.ts';
import { buildServer, type TestServerDefinition, type TestTool } from './definition.ts';
import { httpFace, type Era } from './http-face.ts';
import { tapTransport } from './tap-transport.ts';

/** What a test server offers and how; `Tools` holds the types of the tools' arguments. */
export interface TestServerOptions<Tools = Record<string, unknown>> extends Omit<TestServerDefinition, 'tools'> {
  /** Tools by name. */
  tools?: { readonly [Name in keyof Tools]: TestTool<Tools[Name]> };
  /** The revisions that it speaks. Default `both`. */
  era?: Era;
}

/** A test server that listens on a port of 127.0.0.1. */
export interface ListeningServer extends AsyncDisposable {
  readonly url: string;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/** A real MCP server in this process. */
export interface TestServer extends AsyncDisposable {
  /** Every request received so far, the handshake's too, in order, over all wires. */
  readonly calls: readonly ReceivedCall[];
  /** The arguments of the calls of one tool so far, in order. */
  toolCalls(name: string): JsonObject[];
  /** A new connection in memory: the client's end of it. */
  transport(): Transport;
  /** A client that is connected in memory, and connects anew when its connection is lost. */
  connect(options?: ClientOptions): Promise<McpClient>;
  /** Answers one HTTP request; the address does not matter. */
  fetch(request: Request): Promise<Response>;
  /** Serves over HTTP, at a free port of 127.0.0.1. */
  listen(): Promise<ListeningServer>;
  /** Forgets the HTTP sessions of the legacy era, as a restarted server does. */
  forgetSessions(): Promise<void>;
  /** Ends every connection and every listener. */
  close(): Promise<void>;
}

/** Makes an MCP server for a test: real, in this process, in a few lines. */
export function createTestServer<Tools = Record<string, unknown>>(options: TestServerOptions<Tools> = {}): TestServer {
  const { era = 'both', ...definition } = options;
  // The handlers' argument types have done their work for the caller; from here on the schema guards the arguments.
  const build = (): McpServer => buildServer(definition as unknown as TestServerDefinition);
  const calls: ReceivedCall[] = [];
  const face = httpFace(build, era);
  const open = new Set<() => Promise<void>>();

  function transport(): Transport {
    const [client, server] = memoryTransportPair();
    const tapped = tapTransport(server, { onReceived: (message) => void calls.push(...callsIn(message)) });
    open.add(serveInMemory(build, tapped, era));
    return client;
  }

  async function fetch(request: Request): Promise<Response> {
    if (request.method === 'POST') calls.push(...callsIn(await bodyOf(request)));
    return face.fetch(request);
  }

  async function listen(): Promise<ListeningServer> {
    const { url, close: stop } = await listenOn(fetch);
    open.add(stop);
    return { url, close: stop, [Symbol.asyncDispose]: stop };
  }

  async function close(): Promise<void> {
    const closing = [...open, () => face.close()];
    open.clear();
    await Promise.all(closing.map((end) => end()));
  }

  return {
    calls,
    toolCalls: (name) =>
      calls
        .filter(({ method, params }) => method === 'tools/call' && params['name'] === name)
        .map(({ params }) => (params['arguments'] ?? {}) as JsonObject), // The protocol's word: arguments are an object.
    transport,
    connect: (clientOptions) => connect(transport, clientOptions),
    fetch,
    listen,
    forgetSessions: () => face.forgetSessions(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Answers on one end of a wire; the returned function ends it. */
function serveInMemory(build: () => McpServer, transport: Transport, era: Era): () => Promise<void> {
  if (era === 'legacy') {
    const server = build();
    void server.connect(transport).catch(() => {}); // A wire in memory opens, or is closed by its other end already.
    return () => server.close();
  }
  const handle = serveStdio(build, { transport, legacy: era === 'both' ? 'serve' : 'reject' });
  return () => handle.close();
}

async function listenOn(
  fetch: (request: Request) => Promise<Response>,
): Promise<{ url: string; close: () => Promise<void> }> {
  // The adapter's types do not know exactOptionalPropertyTypes.
  const server = createServer(toNodeHandler({ fetch }) as RequestListener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
  return { url: `http://127.0.0.1:${port}/mcp`, close };
}

async function bodyOf(request: Request): Promise<unknown> {
  try {
    return await request.clone().json();
  } catch {
    return undefined; // What is not JSON is no call; the server refuses it.
  }
}
