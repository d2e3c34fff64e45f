import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DedupeStore } from '../dedupe.ts';
import { memoryStore } from './memory.ts';
import { redisStore, type RedisLike } from './redis.ts';
import { sqliteStore, type SqliteStore } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'toolwire-webhooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A store under a clock that the test moves, and a second view of what it holds, as another process has it. */
interface Bench {
  readonly store: DedupeStore;
  readonly elsewhere: DedupeStore;
  readonly clock: { now: number };
}

let databases = 0;

const stores: Record<string, (clock: { now: number }) => Omit<Bench, 'clock'>> = {
  memory(clock) {
    const store = memoryStore({ now: () => clock.now });
    return { store, elsewhere: store };
  },
  sqlite(clock) {
    const path = join(folder, `${databases++}.db`);
    return { store: openSqlite(path, clock), elsewhere: openSqlite(path, clock) };
  },
  redis(clock) {
    const redis = redisLike(clock);
    return { store: redisStore(redis), elsewhere: redisStore(redis) };
  },
};

describe.each(Object.keys(stores))('%s', (name) => {
  const open = (): Bench => {
    const clock = { now: 1_000 };
    const create = stores[name];
    if (create === undefined) throw new Error(name);
    return { ...create(clock), clock };
  };

  it('gives a key to one delivery only', async () => {
    const { store, elsewhere } = open();
    expect(await store.claim('a', 100)).toBe('claimed');
    expect([await store.claim('a', 100), await elsewhere.claim('a', 100)]).toEqual(['pending', 'pending']);
    expect(await elsewhere.claim('b', 100)).toBe('claimed');
  });

  it('gives it to one of many that ask at the same time', async () => {
    const { store, elsewhere } = open();
    const states = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => (n % 2 ? store : elsewhere).claim('a', 100)),
    );
    expect(states.filter((state) => state === 'claimed')).toHaveLength(1);
  });

  it('knows what was done, until its time is over', async () => {
    const { store, elsewhere, clock } = open();
    await store.claim('a', 100);
    await store.done('a', 1_000);
    clock.now += 999;
    expect(await elsewhere.claim('a', 100)).toBe('done');
    clock.now += 1;
    expect(await elsewhere.claim('a', 100)).toBe('claimed');
  });

  it('gives a key again that was released', async () => {
    const { store, elsewhere } = open();
    await store.claim('a', 100);
    await store.release('a');
    expect(await elsewhere.claim('a', 100)).toBe('claimed');
  });

  it('gives a key again that a crash left open', async () => {
    const { store, clock } = open();
    await store.claim('a', 100);
    clock.now += 100;
    expect(await store.claim('a', 100)).toBe('claimed');
  });
});

describe('memoryStore', () => {
  it('forgets the oldest first when it is full', () => {
    const store = memoryStore({ maxEntries: 2 });
    for (const key of ['a', 'b', 'c']) {
      expect(store.claim(key, 1_000)).toBe('claimed');
      void store.done(key, 1_000);
    }
    expect(['c', 'b'].map((key) => store.claim(key, 1_000))).toEqual(['done', 'done']);
    expect(store.claim('a', 1_000)).toBe('claimed');
  });
});

describe('sqliteStore', () => {
  it('remembers over a restart', async () => {
    const path = join(folder, 'restart.db');
    const clock = { now: 1_000 };
    const before = sqliteStore(path, { now: () => clock.now });
    await before.claim('a', 100);
    await before.done('a', 1_000);
    before.close();
    expect(await openSqlite(path, clock).claim('a', 100)).toBe('done');
  });

  it('says what it needs where there is no node:sqlite', () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(() => sqliteStore(':memory:')).toThrow(/needs node:sqlite: Node 22\.13 or later; this is v\d/);
  });

  it('says which file it cannot open', () => {
    const path = join(folder, 'no-database');
    writeFileSync(path, 'This is a text and no database, and SQLite knows the difference.'.repeat(10));
    expect(() => sqliteStore(path)).toThrow(`${path} cannot be opened`);
  });
});

function openSqlite(path: string, clock: { now: number }): SqliteStore {
  const store = sqliteStore(path, { now: () => clock.now });
  onTestFinished(() => store.close());
  return store;
}

/** The three commands of Redis that the store asks for, as Redis keeps them. */
function redisLike(clock: { now: number }): RedisLike {
  const entries = new Map<string, { value: string; expiresAt: number }>();
  const get = async (key: string): Promise<string | null> => {
    const entry = entries.get(key);
    return entry !== undefined && entry.expiresAt > clock.now ? entry.value : null;
  };
  return {
    get,
    async set(key, value, { PX, NX }) {
      await Promise.resolve();
      const entry = entries.get(key);
      if (NX && entry !== undefined && entry.expiresAt > clock.now) return null;
      entries.set(key, { value, expiresAt: clock.now + PX });
      return 'OK';
    },
    del: async (key) => Number(entries.delete(key)),
  };
}
