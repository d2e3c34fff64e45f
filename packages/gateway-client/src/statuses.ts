import { HttpError } from '@toolwire/client-core';

/** What `asked` gives; undefined where the answer has this status. */
export async function orUndefined<Result>(asked: Promise<Result>, status: number): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof HttpError && error.status === status) return undefined;
    throw error;
  }
}

/** `Retry-After` in seconds, as milliseconds. */
export function retryAfterMs(header: string | undefined): number | undefined {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
