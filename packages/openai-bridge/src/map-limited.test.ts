import { expect, test } from 'vitest';
import { mapLimited } from './map-limited.ts';

test('keeps the order, and no more than the limit at work', async () => {
  let atWork = 0;
  let most = 0;
  const results = await mapLimited([3, 1, 2, 1], 2, async (ticks) => {
    most = Math.max(most, ++atWork);
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    atWork--;
    return ticks * 10;
  });
  expect(results).toEqual([30, 10, 20, 10]);
  expect(most).toBe(2);
});

test('starts nothing more once one has failed', async () => {
  const started: number[] = [];
  const working = mapLimited([1, 2, 3], 1, (item) => {
    started.push(item);
    return Promise.reject(new Error(`${item} failed`));
  });
  await expect(working).rejects.toThrow('1 failed');
  expect(started).toEqual([1]);
});

test('a limit of none is one', async () => {
  expect(await mapLimited([1, 2], 0, (item) => Promise.resolve(item))).toEqual([1, 2]);
});
