import { createHash } from 'node:crypto';
import type { JsonObject } from '@toolwire/client-core';
import { originalId } from './run-request.ts';

/** Where a call carries its key in `_meta`. */
export const idempotencyMeta = 'dev.toolwire/idempotencyKey';

/** The same for every attempt at one call, and for no other call. */
export function idempotencyKey(runId: string, record: string): string {
  return createHash('sha256')
    .update(JSON.stringify([originalId(runId), record]))
    .digest('hex');
}

/** `args` with the key at a path like `options.requestId`. */
export function withArgument(args: JsonObject, path: string, key: string): JsonObject {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...args, [first]: key };
  const inner = Object.hasOwn(args, first) ? args[first] : undefined;
  const object = typeof inner === 'object' && inner !== null ? (inner as JsonObject) : {}; // An object, as just seen.
  return { ...args, [first]: withArgument(object, rest.join('.'), key) };
}
