import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../src/protocol/jsonrpc.ts';

/** One request, and the usual ways to answer it. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  message: JsonObject;
  /** Answers with this value, or this very text, as JSON. */
  json: (body: unknown, status?: number, headers?: Record<string, string>) => void;
  /** Answers the request with a result. */
  result: (value: unknown) => void;
}

export type Answer = (exchange: Exchange) => void;

export interface HttpServer {
  readonly url: string;
  readonly requests: { http: string; method: unknown; headers: IncomingHttpHeaders }[];
  close(): Promise<void>;
}

const defaults: Record<string, Answer> = {
  GET: ({ response }) => void response.writeHead(405).end(),
  DELETE: ({ response }) => void response.writeHead(200).end(),
};

/** Answers each JSON-RPC method, `GET` and `DELETE` as told, and accepts everything else. */
export async function startHttpServer(answers: Record<string, Answer>): Promise<HttpServer> {
  const requests: HttpServer['requests'] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    const message = JSON.parse(body || '{}') as JsonObject;
    const http = request.method ?? '';
    const key = String(message['method'] ?? http);
    requests.push({ http, method: message['method'], headers: request.headers });
    const json: Exchange['json'] = (value, status = 200, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof value === 'string' ? value : JSON.stringify(value));
    };
    const result: Exchange['result'] = (value) => json({ jsonrpc: '2.0', id: message['id'], result: value });
    const accept: Answer = () => void response.writeHead(202).end();
    (answers[key] ?? answers['*'] ?? defaults[key] ?? accept)({ request, response, message, json, result });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // A server that listens on a port has one.
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close().closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}/mcp`, requests, close };
}
