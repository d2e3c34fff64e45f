import { expect, test } from 'vitest';
import { Broadcast } from './broadcast.ts';

async function rest<T>(values: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const value of values) seen.push(value);
  return seen;
}

test('every reader sees every value from its start', async () => {
  const numbers = new Broadcast<number>();
  const early = numbers[Symbol.asyncIterator]();
  numbers.emit(1);
  const late = numbers[Symbol.asyncIterator]();
  numbers.emit(2);
  numbers.end();
  expect(await rest(early)).toEqual([1, 2]);
  expect(await rest(late)).toEqual([2]);
});

test('a reader that waits is woken by a value, and by the end', async () => {
  const numbers = new Broadcast<number>();
  const reader = numbers[Symbol.asyncIterator]();
  const [first, second] = [reader.next(), reader.next()];
  numbers.emit(1);
  expect(await first).toEqual({ value: 1, done: false });
  numbers.end();
  expect(await second).toEqual({ value: undefined, done: true });
});

test('the oldest values are dropped for a reader that is too far behind', async () => {
  const numbers = new Broadcast<number>(3);
  const reader = numbers[Symbol.asyncIterator]();
  for (let number = 1; number <= 10; number++) numbers.emit(number);
  numbers.end();
  expect(await rest(reader)).toEqual([8, 9, 10]);
});

test('read gives the present state first', async () => {
  const states = new Broadcast<string>();
  const reader = states.read(['now']);
  expect(await reader.next()).toEqual({ value: 'now', done: false });
  states.emit('later');
  states.end();
  expect(await rest(reader)).toEqual(['later']);
});

test('a reader that comes after the end sees the state and ends', async () => {
  const states = new Broadcast<string>();
  states.end();
  expect(await rest(states.read(['closed']))).toEqual(['closed']);
  expect(await rest(states)).toEqual([]);
});

test('a loop that is left collects nothing more, and holds up nobody', async () => {
  const numbers = new Broadcast<number>();
  const [left, kept] = [numbers[Symbol.asyncIterator](), numbers[Symbol.asyncIterator]()];
  numbers.emit(1);
  for await (const number of left) {
    expect(number).toBe(1);
    break;
  }
  numbers.emit(2);
  numbers.end();
  expect(await rest(left)).toEqual([]);
  expect(await rest(kept)).toEqual([1, 2]);
});

test('an end with a reason is thrown, after what came before it', async () => {
  const numbers = new Broadcast<number>();
  const reader = numbers[Symbol.asyncIterator]();
  numbers.emit(1);
  numbers.end(new Error('the server is gone'));
  numbers.end();
  expect(await reader.next()).toEqual({ value: 1, done: false });
  await expect(reader.next()).rejects.toThrow('the server is gone');
});
