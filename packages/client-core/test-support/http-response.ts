import type { HttpResponse } from '../src/transports/http-exchange.ts';

/** An answer whose body is made by the test. */
export function responseFrom(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): HttpResponse {
  return {
    status,
    header: (name) => headers[name],
    read: async (onChunk) => {
      for await (const chunk of body) if (onChunk(chunk) === false) return;
    },
    cancel: () => {},
  };
}
