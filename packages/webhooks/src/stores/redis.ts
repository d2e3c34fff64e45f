import type { DedupeStore } from '../dedupe.ts';

/** What is asked of a Redis client: that of `redis` fits as it is, others with a few lines around them. */
export interface RedisLike {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, options: { PX: number; NX?: true }): Promise<unknown>;
  del(key: string): Promise<unknown>;
}

export interface RedisStoreOptions {
  /** Before every key. Default `toolwire:webhook:`. */
  readonly prefix?: string | undefined;
}

/** Remembers deliveries in Redis, or in anything that keeps `SET … NX PX`: for endpoints with several processes. */
export function redisStore(redis: RedisLike, { prefix = 'toolwire:webhook:' }: RedisStoreOptions = {}): DedupeStore {
  const claim: DedupeStore['claim'] = async (key, ttlMs) => {
    if ((await redis.set(prefix + key, 'pending', { PX: ttlMs, NX: true })) !== null) return 'claimed';
    const state = await redis.get(prefix + key);
    return state === null ? claim(key, ttlMs) : state === 'done' ? 'done' : 'pending'; // Null: it expired meanwhile.
  };
  return {
    claim,
    async done(key, ttlMs) {
      await redis.set(prefix + key, 'done', { PX: ttlMs });
    },
    async release(key) {
      await redis.del(prefix + key);
    },
  };
}
