import { WebhookError } from './errors.ts';

export function tooLarge(limit: number): WebhookError {
  return new WebhookError('body_too_large', `The body has more than ${limit} bytes`);
}

/** The bytes of a Web request as they came. Throws a `WebhookError` as soon as there are more than `limit`. */
export async function readRequest(request: Request, limit: number): Promise<Uint8Array> {
  if (request.bodyUsed || request.body?.locked === true)
    throw new WebhookError(
      'body_not_raw',
      'The body was read before: hand the request over before request.json() and its like',
    );
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let part = await next(reader); part !== undefined; part = await next(reader)) {
    length += part.length;
    if (length > limit) {
      await reader?.cancel().catch(() => undefined); // The sender may be gone already.
      throw tooLarge(limit);
    }
    chunks.push(part);
  }
  return joined(chunks, length);
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<Uint8Array | undefined> {
  try {
    return (await reader?.read())?.value;
  } catch (cause) {
    throw new WebhookError('body_incomplete', 'The body broke off', { cause });
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}
