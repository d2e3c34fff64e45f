import { WebhookError } from '../errors.ts';
import { standardRetryDelays } from './schedule.ts';

/** Every number that bounds a sender, and its default. */
const defaults = {
  timeoutMs: 15_000,
  rejectedAttempts: 5,
  concurrency: 4,
  maxQueued: 1_000,
  maxQueuedBytes: 33_554_432,
  maxBodyBytes: 262_144, // What receivers of the MCP events extension take at most.
};

type Limits = Record<keyof typeof defaults, number>;

export type LimitOptions = { readonly [Name in keyof Limits]?: number | undefined } & {
  readonly retryDelaysMs?: readonly number[] | undefined;
};

/** The bounds of a sender; throws for one under which nothing would ever be sent, or without end. */
export function readLimits(options: LimitOptions): Limits & { readonly retryDelaysMs: readonly number[] } {
  const { retryDelaysMs = standardRetryDelays } = options;
  const limits = { ...defaults };
  // Object.keys cannot know that the table has no other keys.
  for (const name of Object.keys(defaults) as (keyof Limits)[]) {
    const value = options[name] ?? defaults[name];
    if (!Number.isSafeInteger(value) || value < 1) throw wrong(name, 'a whole number, at least 1');
    limits[name] = value;
  }
  if (!retryDelaysMs.every((delay) => Number.isFinite(delay) && delay >= 0))
    throw wrong('retryDelaysMs', 'a list of milliseconds');
  return { ...limits, retryDelaysMs };
}

function wrong(name: string, wanted: string): WebhookError {
  return new WebhookError('invalid_options', `${name} must be ${wanted}`);
}
