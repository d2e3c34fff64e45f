import type { Receiver } from '../receiver.ts';

/** A handler for `app.post(path, …)` of Hono 4, in every runtime that Hono has. */
export function honoHandler(receiver: Receiver): (context: { req: { raw: Request } }) => Promise<Response> {
  return ({ req }) => receiver(req.raw);
}
