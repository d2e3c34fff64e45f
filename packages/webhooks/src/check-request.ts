import { WebhookError } from './errors.ts';
import { tooLarge } from './read-body.ts';
import type { HeaderReader } from './scheme.ts';

/** Refuses, before any byte of the body is read, what could not be a delivery. */
export function checkRequest(method: string, header: HeaderReader, maxBodyBytes: number): void {
  if (method !== 'POST')
    throw new WebhookError('method_not_allowed', `${method} is no delivery; webhooks are sent by POST`);
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(header('content-type') ?? ''))
    throw new WebhookError('unsupported_media_type', 'The content-type is not JSON');
  // A signature covers the bytes before or after compression, and nobody says which; a small body may inflate to any size.
  if (!/^(?:identity)?$/i.test(header('content-encoding') ?? ''))
    throw new WebhookError('unsupported_media_type', 'The body is compressed: webhooks are sent as they were signed');
  if (Number(header('content-length') ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes);
}
