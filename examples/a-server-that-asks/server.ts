import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  acceptedContent,
  createMcpHandler,
  inputRequired,
  inputResponse,
  isLegacyRequest,
  McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import * as z from 'zod';

// The default is only told to the client: an answer without a license is no answer.
const license = z.string().meta({ default: 'MIT' });
const form = z.object({ language: z.enum(['TypeScript', 'Python']), license });

/** A server whose tool needs to know two things that no argument tells. */
function buildServer(): McpServer {
  const server = new McpServer({ name: 'project-server', version: '1.0.0' });
  const description = 'Plans a new project, in a folder and a language that the user chooses';
  const inputSchema = z.object({ name: z.string() });
  server.registerTool('plan_project', { description, inputSchema }, ({ name }, { mcpReq: { inputResponses } }) => {
    if (inputResponse(inputResponses, 'form').kind === 'missing') {
      const question = { message: `How shall ${name} be written?`, requestedSchema: form };
      return inputRequired({
        inputRequests: { form: inputRequired.elicit(question), roots: inputRequired.listRoots() },
      });
    }
    const chosen = acceptedContent(inputResponses, 'form', form);
    const roots = inputResponse(inputResponses, 'roots');
    const text =
      chosen !== undefined && roots.kind === 'roots'
        ? `${roots.roots[0]?.uri}/${name}: ${chosen.language}, ${chosen.license}`
        : 'Nothing was planned.';
    return { content: [{ type: 'text', text }] };
  });
  return server;
}

/** Serves both eras at one address; disposing of it ends it. */
export async function startServer(): Promise<AsyncDisposable & { url: string }> {
  const modern = createMcpHandler(buildServer, { legacy: 'reject' });
  const legacy = sessions();
  const fetch = async (request: Request): Promise<Response> =>
    (await isLegacyRequest(request)) ? legacy(request) : modern.fetch(request);
  // The adapter's types do not know exactOptionalPropertyTypes, which this repository sets.
  const http = createServer(toNodeHandler({ fetch }) as RequestListener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo; // It listens on a port, not on a pipe.
  const dispose = async (): Promise<void> => {
    await modern.close();
    http.close().closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/mcp`, [Symbol.asyncDispose]: dispose };
}

/** Requests of the 2025 era belong to sessions: in one of them a server can ask, and know the answer when it comes. */
function sessions(): (request: Request) => Promise<Response> {
  const transports = new Map<string, WebStandardStreamableHTTPServerTransport>();
  return async (request) => {
    const known = transports.get(request.headers.get('mcp-session-id') ?? '');
    if (known !== undefined) return known.handleRequest(request);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void transports.set(id, transport),
    });
    await buildServer().connect(transport);
    return transport.handleRequest(request);
  };
}
