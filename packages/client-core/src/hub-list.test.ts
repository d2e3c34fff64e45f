import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ReadOptions } from './client-options.ts';
import { KnownList } from './hub-list.ts';

interface Asked {
  options: ReadOptions;
  give(items: string[]): void;
  fail(error: Error): void;
}

/** A list whose every request the test settles by itself. */
function handList(): { list: KnownList<string>; asked: Asked[]; failures: unknown[] } {
  const asked: Asked[] = [];
  const failures: unknown[] = [];
  const list = new KnownList<string>(
    (options) => new Promise((give, fail) => void asked.push({ options, give, fail })),
    (error) => failures.push(error),
  );
  return { list, asked, failures };
}

afterEach(() => void vi.useRealTimers());

const dead = new Error('dead');

test('readers at the same time share one request, and the next asks again', async () => {
  const { list, asked } = handList();
  const both = Promise.all([list.read(), list.read()]);
  asked[0]?.give(['a']);
  expect(await both).toEqual([['a'], ['a']]);
  const third = list.read();
  asked[1]?.give(['b']);
  expect(await third).toEqual(['b']);
  expect(list.items).toEqual(['b']);
  expect(asked).toHaveLength(2);
});

test.each([{ fresh: true }, { headers: { authorization: 'mine' } }, { meta: { tenant: 1 } }])(
  'a reader with %j has a request of its own',
  async (options) => {
    const { list, asked } = handList();
    const [shared, own] = [list.read(), list.read(options)];
    expect(asked.map((request) => request.options)).toEqual([{}, options]);
    asked[1]?.give(['own']);
    expect(await own).toEqual(['own']);
    asked[0]?.give(['old']);
    expect(await shared).toEqual(['old']);
    expect(list.items, 'an answer that comes later, but is older').toEqual(['own']);
  },
);

describe('a failure', () => {
  test('is kept beside what was known, told, and forgotten with the next success', async () => {
    const { list, asked, failures } = handList();
    list.set(['a']);
    const reading = list.read();
    asked[0]?.fail(dead);
    await expect(reading).rejects.toBe(dead);
    expect(list).toMatchObject({ items: ['a'], failure: dead });
    expect(failures).toEqual([dead]);
    const again = list.read();
    asked[1]?.give(['b']);
    await again;
    expect(list).toMatchObject({ items: ['b'], failure: undefined });
  });

  test('makes the next readers wait no more than a second; what comes later still counts', async () => {
    vi.useFakeTimers();
    const { list, asked } = handList();
    const reading = list.read();
    asked[0]?.fail(dead);
    await expect(reading).rejects.toBe(dead);
    const impatient = list.read().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await impatient).toBe(dead);
    asked[1]?.give(['late']);
    await vi.advanceTimersByTimeAsync(0);
    expect(list).toMatchObject({ items: ['late'], failure: undefined });
  });

  test('that nobody waits for any more does not end the process', async () => {
    const { list, asked } = handList();
    const controller = new AbortController();
    const reading = list.read({ signal: controller.signal });
    controller.abort('enough');
    await expect(reading).rejects.toBe('enough');
    asked[0]?.fail(dead);
    await new Promise((resolve) => void setTimeout(resolve));
    expect(list.failure).toBe(dead);
  });
});

test('a reader waits as long as it says', async () => {
  vi.useFakeTimers();
  const { list } = handList();
  const reading = list.read({ waitMs: 50 }).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(50);
  expect(await reading).toMatchObject({ code: 'timeout', delivered: 'no' });
  expect(list.failure, 'the server has not failed').toBeUndefined();
});
