import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HostSession } from './host-session.ts';
import { IdleSessions } from './idle-sessions.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const minutes = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 60_000);

function openSession(): HostSession {
  return new HostSession({
    open: () => expect.unreachable('No host has said anything'),
    explain: () => ({}),
    log: { say: () => {}, detail: () => {}, stderr: () => {} },
  });
}

/** Something that is open until `end` is called. */
function something(): { over: Promise<void>; end: () => void } {
  let end = (): void => {};
  const over = new Promise<void>((resolve) => (end = resolve));
  return { over, end };
}

test('a session ends ten minutes after the last thing that was open on it', async () => {
  const sessions = new IdleSessions<undefined>();
  const [stream, call] = [something(), something()];
  sessions.add('a', { session: openSession(), wire: undefined }, stream.over);
  sessions.use('a', call.over);
  call.end();
  await minutes(60);
  expect(sessions.has('a')).toBe(true);
  stream.end();
  await minutes(9);
  sessions.use('a', Promise.resolve());
  await minutes(9);
  expect(sessions.has('a')).toBe(true);
  await minutes(2);
  expect(sessions.has('a')).toBe(false);
});

test('a session that has ended by itself is forgotten', async () => {
  const sessions = new IdleSessions<undefined>();
  const session = openSession();
  sessions.add('a', { session, wire: undefined }, something().over);
  await session.close();
  expect(sessions.use('a', Promise.resolve())).toBeUndefined();
});

test('there are at most 200', () => {
  const sessions = new IdleSessions<undefined>();
  for (let count = 0; count < 200; count++) {
    expect(sessions.isFull).toBe(false);
    sessions.add(String(count), { session: openSession(), wire: undefined }, something().over);
  }
  expect(sessions.isFull).toBe(true);
});
