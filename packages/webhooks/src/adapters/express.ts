import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Receiver } from '../receiver.ts';
import { answer } from './node.ts';

/** A handler for `app.post(path, …)` of Express 4 and 5. It reads the body itself: mount it before `express.json()`. */
export function expressHandler(
  receiver: Receiver,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return (request, response) => answer(receiver, request, response);
}
