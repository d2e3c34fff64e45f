import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Receiver } from '../receiver.ts';
import { readNodeBody } from './node-body.ts';

/** A request listener for `node:http`. */
export function nodeHandler(receiver: Receiver): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => void answer(receiver, request, response);
}

/** Answers one request. Node itself discards what was not read of its body, so that the sender sees the answer. */
export async function answer(receiver: Receiver, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const read = (limit: number): Promise<Uint8Array> => readNodeBody(request, limit);
  const { status, headers, body } = await receiver.receive(request.headers, read, request.method);
  if (response.headersSent) return; // By a timeout in front of us, perhaps.
  response.writeHead(status, headers).end(body);
}
