import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ResponseCache } from './response-cache.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an answer may be used again for as long as the server says', () => {
  const cache = new ResponseCache();
  const result = { tools: [], ttlMs: 1000 };
  cache.set('tools/list', {}, result);
  expect(cache.get('tools/list', {})).toEqual(result);
  vi.advanceTimersByTime(999);
  expect(cache.get('tools/list', {})).toEqual(result);
  vi.advanceTimersByTime(1);
  expect(cache.get('tools/list', {})).toBeUndefined();
  expect(cache.get('tools/list', {})).toBeUndefined();
});

test('each method and its params are kept apart', () => {
  const cache = new ResponseCache();
  cache.set('resources/read', { uri: 'a' }, { contents: ['a'], ttlMs: 1000 });
  expect(cache.get('resources/read', { uri: 'b' })).toBeUndefined();
  expect(cache.get('prompts/get', { uri: 'a' })).toBeUndefined();
  expect(cache.get('resources/read', { uri: 'a' })).toBeDefined();
});

test.each([
  [{}],
  [{ ttlMs: 0 }],
  [{ ttlMs: -1 }],
  [{ ttlMs: NaN }],
  [{ ttlMs: '1000' }],
  [{ ttlMs: null }],
  [null],
  ['x'],
])('%j is not kept', (result) => {
  const cache = new ResponseCache();
  cache.set('tools/list', {}, result);
  expect(cache.get('tools/list', {})).toBeUndefined();
});

test('a change makes the answers of its methods out of date, and no others', () => {
  const cache = new ResponseCache();
  for (const method of ['tools/list', 'prompts/list', 'resources/list']) cache.set(method, {}, { ttlMs: 1000 });
  cache.invalidate('tools');
  cache.invalidate('prompts');
  expect(cache.get('tools/list', {})).toBeUndefined();
  expect(cache.get('prompts/list', {})).toBeUndefined();
  expect(cache.get('resources/list', {})).toBeDefined();
});

test('an answer that was under way when something changed is not kept', () => {
  const cache = new ResponseCache();
  const { version } = cache;
  cache.invalidate('tools');
  cache.set('tools/list', {}, { tools: [], ttlMs: 1000 }, version);
  expect(cache.get('tools/list', {})).toBeUndefined();
});

test('who changes an answer changes it for nobody else', () => {
  const cache = new ResponseCache();
  const result = { tools: ['a'], ttlMs: 1000 };
  cache.set('tools/list', {}, result);
  result.tools.push('b');
  (cache.get('tools/list', {}) as typeof result).tools.push('c');
  expect(cache.get('tools/list', {})).toEqual({ tools: ['a'], ttlMs: 1000 });
});

test('the oldest answer makes room when there are too many', () => {
  const cache = new ResponseCache();
  for (let number = 0; number <= 500; number++) cache.set('resources/read', { number }, { ttlMs: 1000 });
  expect(cache.get('resources/read', { number: 0 })).toBeUndefined();
  expect(cache.get('resources/read', { number: 1 })).toBeDefined();
  expect(cache.get('resources/read', { number: 500 })).toBeDefined();
});
