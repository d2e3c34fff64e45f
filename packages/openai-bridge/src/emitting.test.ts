import { expect, test } from 'vitest';
import { emitting } from './emitting.ts';

test('yields what the work emits, in order, also what was emitted before it failed', async () => {
  const seen: (number | string)[] = [];
  const events = emitting<number>(async (emit) => {
    emit(1);
    await Promise.resolve();
    emit(2);
    throw new Error('broken');
  });
  await expect(
    (async () => {
      for await (const event of events) seen.push(event);
    })(),
  ).rejects.toThrow('broken');
  expect(seen).toEqual([1, 2]);
});

test('a reader who leaves aborts the work, whose failure then harms nobody', async () => {
  let isAborted = false;
  const events = emitting<number>(async (emit, signal) => {
    emit(1);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    isAborted = true;
    throw new Error('nobody hears this');
  });
  await events.next();
  await events.return();
  await new Promise((resolve) => setTimeout(resolve, 1)); // An unhandled rejection would fail this file.
  expect(isAborted).toBe(true);
});

test('an event that comes after the end is dropped', async () => {
  let late: ((event: number) => void) | undefined;
  const events = emitting<number>((emit) => {
    late = emit;
    emit(1);
    return Promise.resolve();
  });
  expect(await Array.fromAsync(events)).toEqual([1]);
  expect(() => late?.(2)).not.toThrow();
});
