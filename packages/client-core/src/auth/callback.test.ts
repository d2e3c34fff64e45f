import { describe, expect, test, vi } from 'vitest';
import { isListenable, listenForCallback, readCallback } from './callback.ts';

const state = 'a-state-that-nobody-guesses';

describe('the place that browsers come back to', () => {
  test('is a free port of 127.0.0.1, and takes one answer', async () => {
    const callback = await listenForCallback(state);
    expect(callback.redirectUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    const url = `${callback.redirectUrl}?state=${state}&code=c&iss=${encodeURIComponent('https://as.example')}`;
    expect((await fetch(url)).status).toBe(200);
    expect(await callback.answer).toEqual({ code: 'c', iss: 'https://as.example' });
    await expect(fetch(url)).rejects.toThrow();
  });

  test.each([
    { name: 'a wrong state', path: '/callback?state=other&code=evil', method: 'GET', status: 400 },
    { name: 'no state', path: '/callback?code=evil', method: 'GET', status: 400 },
    { name: 'a wrong path', path: `/?state=${state}&code=evil`, method: 'GET', status: 404 },
    { name: 'a POST', path: `/callback?state=${state}&code=evil`, method: 'POST', status: 404 },
  ])('answers $status to $name, and waits on', async ({ path, method, status }) => {
    const callback = await listenForCallback(state);
    const response = await fetch(new URL(path, callback.redirectUrl), { method });
    expect(response.status).toBe(status);
    await fetch(`${callback.redirectUrl}?state=${state}&code=good`);
    expect(await callback.answer).toMatchObject({ code: 'good' });
  });

  test('is closed when nobody comes within 5 minutes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const callback = await listenForCallback(state);
      vi.advanceTimersByTime(300_000);
      await expect(callback.answer).rejects.toThrow('within 5 minutes');
      await expect(fetch(callback.redirectUrl)).rejects.toThrow();
    } finally {
      vi.useRealTimers();
    }
  });

  test('says why a person was not let in', async () => {
    const callback = await listenForCallback(state);
    await fetch(`${callback.redirectUrl}?state=${state}&error=access_denied&error_description=not+today`);
    await expect(callback.answer).rejects.toThrow('The login was refused: access_denied: not today');
  });

  test('is where a fixed redirect URL says', async () => {
    const free = await listenForCallback(state);
    free.close();
    const wanted = new URL(free.redirectUrl.replace('/callback', '/back'));
    const callback = await listenForCallback(state, wanted);
    expect(callback.redirectUrl).toBe(wanted.href);
    await fetch(`${wanted.href}?state=${state}&code=c`);
    expect(await callback.answer).toMatchObject({ code: 'c' });
  });

  test.each([
    ['http://127.0.0.1:8080/back', true],
    ['http://localhost:8080/back', true],
    ['https://app.example/back', false],
    ['http://app.example/back', false],
  ])('%s is listened at: %s', (url, expected) => {
    expect(isListenable(new URL(url))).toBe(expected);
  });
});

describe('an answer that a person pastes', () => {
  test('is the URL that the browser ended at, or the code', () => {
    expect(readCallback(` http://127.0.0.1:1/callback?state=${state}&code=c\n`, state)).toMatchObject({ code: 'c' });
    expect(readCallback('c', state)).toEqual({ code: 'c', iss: undefined });
  });

  test('is not taken from another login', () => {
    expect(() => readCallback('http://127.0.0.1:1/callback?state=other&code=c', state)).toThrow(/another login/);
    expect(() => readCallback(`http://127.0.0.1:1/callback?state=${state}`, state)).toThrow(/no code came back/);
  });
});
