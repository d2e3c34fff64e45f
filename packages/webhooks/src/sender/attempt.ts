import { validateHeaderName, validateHeaderValue } from 'node:http';
import { WebhookError } from '../errors.ts';
import { signWebhook } from '../sign.ts';
import type { WebhookSecret } from '../types.ts';
import type { Clock } from './clock.ts';
import type { Poster } from './post.ts';
import { parseRetryAfter, type AttemptFailure, type AttemptResult } from './schedule.ts';

/** What is delivered: the same bytes under the same id in every attempt. */
export interface Message {
  readonly id: string;
  readonly body: Uint8Array;
}

export interface AttemptOptions {
  readonly poster: Poster;
  readonly secrets: WebhookSecret | readonly WebhookSecret[];
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
}

/** Signs a message for this moment and posts it. Never throws: what goes wrong is the result. */
export async function attempt(
  { id, body }: Message,
  { poster, secrets, headers, clock }: AttemptOptions,
  signal: AbortSignal,
): Promise<AttemptResult> {
  try {
    const signed = await signWebhook(body, { id, secrets, now: () => clock.now() });
    const fixed = { 'content-type': 'application/json', 'content-length': String(body.byteLength) };
    const { status, retryAfter } = await poster.post(body, { ...headers, ...fixed, ...signed }, signal);
    return { status, retryAfterMs: parseRetryAfter(retryAfter, clock.now()) };
  } catch (error) {
    return { status: undefined, failure: describe(error) };
  }
}

/** Lower-case names; throws for a header that cannot be sent. */
export function readHeaders(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const read: Record<string, string> = { 'user-agent': 'toolwire-webhooks' };
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (cause) {
      throw new WebhookError('invalid_options', `The header ${JSON.stringify(name)} cannot be sent`, { cause });
    }
    read[name.toLowerCase()] = value;
  }
  return read;
}

function describe(error: unknown): AttemptFailure {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { code, message: error instanceof Error ? error.message : String(error) };
}
