import type { DedupeStore } from '../dedupe.ts';

export interface MemoryStoreOptions {
  /** The most deliveries that are remembered; the oldest are forgotten first. Default 100,000. */
  readonly maxEntries?: number | undefined;
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Remembers deliveries in this process: enough for one that receives alone and may forget when it ends. */
export function memoryStore({ maxEntries = 100_000, now = Date.now }: MemoryStoreOptions = {}): DedupeStore {
  const entries = new Map<string, { state: 'pending' | 'done'; expiresAt: number }>();

  const set = (key: string, state: 'pending' | 'done', ttlMs: number): void => {
    entries.delete(key); // So that the map stays in the order of what was set last.
    entries.set(key, { state, expiresAt: now() + ttlMs });
    for (const [oldest, { expiresAt }] of entries) {
      if (expiresAt > now() && entries.size <= maxEntries) break;
      entries.delete(oldest);
    }
  };

  return {
    claim(key, ttlMs) {
      const entry = entries.get(key);
      if (entry !== undefined && entry.expiresAt > now()) return entry.state;
      set(key, 'pending', ttlMs);
      return 'claimed';
    },
    done: (key, ttlMs) => set(key, 'done', ttlMs),
    release: (key) => void entries.delete(key),
  };
}
