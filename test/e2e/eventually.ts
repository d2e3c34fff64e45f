import { vi } from 'vitest';

/** Settles when `check` stops throwing; gives a busy machine ten seconds for it. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 10_000, interval: 20 });
}
