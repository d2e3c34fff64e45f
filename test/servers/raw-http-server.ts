import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One HTTP request, and the ways to answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The parsed body: a JSON-RPC message, or `{}`. */
  readonly message: {
    id?: unknown;
    method?: string;
    params?: Record<string, unknown>;
    result?: unknown;
    error?: { code: number };
  };
  /** Answers with this JSON text or value, exactly. */
  readonly json: (body: unknown, status?: number, headers?: Record<string, string>) => void;
  /** Answers the JSON-RPC request with a result. */
  readonly result: (value: unknown) => void;
  /** Answers with these messages as an event stream, which then ends. */
  readonly events: (...messages: readonly unknown[]) => void;
}

export type Answer = (exchange: Exchange) => void;

/** A server that answers what a test tells it to, keyed by JSON-RPC method, or by `GET` and `DELETE`. */
export interface RawHttpServer extends AsyncDisposable {
  readonly url: string;
  /** Every request so far, in order. */
  readonly requests: (Pick<Exchange, 'message'> & { http: string; method: string | undefined })[];
  close(): Promise<void>;
}

const defaults: Record<string, Answer> = {
  'server/discover': ({ message, json }) =>
    json({ jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'Method not found' } }, 404),
  initialize: ({ result, message }) =>
    result({
      protocolVersion: message.params?.['protocolVersion'],
      capabilities: { tools: {}, resources: {}, prompts: {} },
      serverInfo: { name: 'raw', version: '0' },
    }),
  GET: ({ response }) => void response.writeHead(405).end(),
  DELETE: ({ response }) => void response.writeHead(200).end(),
};

/** Starts a raw server on a loopback port, a free one unless named; whatever `answers` leaves out behaves. */
export async function startRawHttpServer(answers: Record<string, Answer>, wantedPort = 0): Promise<RawHttpServer> {
  const requests: RawHttpServer['requests'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const exchange = exchangeOf(request, response, body);
      const http = request.method ?? '';
      const { message } = exchange;
      const { method } = message;
      requests.push({ http, method, message });
      const key = method ?? http;
      (answers[key] ?? answers['*'] ?? defaults[key] ?? accept)(exchange);
    });
  });
  await new Promise<void>((resolve) => server.listen(wantedPort, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/mcp`, requests, close, [Symbol.asyncDispose]: close };
}

/** Messages as the text of an event stream; a string goes in as it is. */
export function eventStream(...messages: readonly unknown[]): string {
  return messages
    .map((message) => (typeof message === 'string' ? message : `event: message\ndata: ${JSON.stringify(message)}\n\n`))
    .join('');
}

function exchangeOf(request: IncomingMessage, response: ServerResponse, body: string): Exchange {
  const message = body === '' ? {} : (JSON.parse(body) as Exchange['message']);
  const json: Exchange['json'] = (value, status = 200, headers = {}) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  };
  return {
    request,
    response,
    message,
    json,
    result: (value) => json({ jsonrpc: '2.0', id: message.id, result: value }),
    events: (...messages) =>
      void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(eventStream(...messages)),
  };
}

function accept({ response }: Exchange): void {
  response.writeHead(202).end();
}
