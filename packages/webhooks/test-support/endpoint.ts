import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** One delivery as it arrived. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A receiver that keeps what arrives and checks nothing. */
export interface TestEndpoint {
  readonly url: string;
  readonly received: Received[];
}

/** What is answered to delivery number `count`, counted from 1: a status, headers, or whatever the function does. */
export type AnswerWith = (
  count: number,
  response: ServerResponse,
) => number | [number, Record<string, string>] | undefined;

/** Listens on a free port of this machine until the test ends. */
export async function startEndpoint(answerWith: AnswerWith = () => 200): Promise<TestEndpoint> {
  const received: Received[] = [];
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // It listens on a port, not on a pipe.
  return { url: `http://127.0.0.1:${port}/hook?token=canary`, received };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    received.push({ headers: request.headers, body });
    const answered = answerWith(received.length, response);
    if (answered === undefined) return;
    const [status, headers] = typeof answered === 'number' ? [answered, {}] : answered;
    response.writeHead(status, headers).end('{}');
  }
}
