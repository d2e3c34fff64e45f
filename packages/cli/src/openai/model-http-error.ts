import { excerpt } from '@toolwire/client-core';

/** A model that could not be asked, or has not answered; `status` is missing where nothing came back. */
export class ModelHttpError extends Error {
  override name = 'ModelHttpError';
  readonly status: number | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    fields: { status?: number; retryable?: boolean; retryAfterMs?: number | undefined } = {},
  ) {
    super(message);
    this.status = fields.status;
    this.retryable = fields.retryable ?? false;
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** What an answer that is no success says. */
export async function modelHttpError(response: Response): Promise<ModelHttpError> {
  const { status, url, headers } = response;
  const body = await response.text().catch(() => '');
  const message = messageIn(body) ?? (body === '' ? 'it gives no reason' : excerpt(body));
  return new ModelHttpError(`${new URL(url).host} answered ${status}: ${message}`, {
    status,
    retryable: status === 408 || status === 429 || status >= 500,
    retryAfterMs: retryAfter(headers),
  });
}

/** The message in an error of OpenAI's, as a body or as an event. */
export function messageIn(json: string): string | undefined {
  try {
    const { error } = JSON.parse(json) as { error?: { message?: unknown } | string | null };
    const message = typeof error === 'string' ? error : error?.message;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined; // A page of a proxy, or the like.
  }
}

function retryAfter(headers: Headers): number | undefined {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  const seconds = Number.parseFloat(headers.get('retry-after') ?? '');
  if (ms >= 0) return ms;
  return seconds >= 0 ? seconds * 1000 : undefined;
}
