import type { Receiver } from '../receiver.ts';

/** For `app/…/route.ts` of Next: `export const { POST } = nextRoute(receiver)`. */
export function nextRoute(receiver: Receiver): { POST: (request: Request) => Promise<Response> } {
  return { POST: (request) => receiver(request) };
}
