import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerRequest, type FixtureRequest } from './tools.ts';

/** A server on a free port of this machine. */
export interface TestServer {
  readonly url: string;
  readonly requests: IncomingMessage[];
  close(): void;
}

/** Starts a server that answers with `listener`, and remembers its requests. */
export async function startHttpServer(listener: RequestListener): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // A TCP server has no other kind.
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/mcp`, requests, close };
}

/** What servers answer besides MCP. */
export const listeners = {
  html: answerWith(200, 'text/html', '<!doctype html><html><body>Hello</body></html>'),
  notFound: answerWith(404, 'text/html', '<html><h1>Not Found</h1></html>'),
  unauthorized: answerWith(401, 'application/json', '{"error":"who are you?"}'),
  silent: () => undefined,
  mcp: (request: IncomingMessage, response: ServerResponse) => void answerMcp(request, response),
} as const;

function answerWith(status: number, type: string, body: string): RequestListener {
  return (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': type, 'www-authenticate': 'Bearer' }).end(body);
  };
}

async function answerMcp(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  if (request.method !== 'POST') return void response.writeHead(405).end();
  const message = JSON.parse(body) as FixtureRequest; // Only the command under test writes here.
  if (message.id === undefined) return void response.writeHead(202).end();
  const answer = answerRequest(message);
  if (answer === undefined) return;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...answer }));
}
