import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { responseFrom } from '../../test-support/http-response.ts';
import { followAnswer, listen, type StreamSource } from './answer-stream.ts';
import type { HttpResponse } from './http-exchange.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const stream = (text: string): HttpResponse =>
  responseFrom([new TextEncoder().encode(text)], { headers: { 'content-type': 'text/event-stream' } });
const status = (code: number): HttpResponse => responseFrom([], { status: code });

interface Source extends StreamSource {
  /** Each GET: how many seconds after the start, and from which event on. */
  gets: [number, string | undefined][];
  data: string[];
}

/** Gives one answer after another, the last one for good; `share` of what waits may be spread by. */
function sourceOf(answers: readonly (() => HttpResponse)[], share = 0): Source {
  const [start, gets, data]: [number, Source['gets'], string[]] = [Date.now(), [], []];
  return {
    gets,
    data,
    limit: 1000,
    random: () => share,
    onData: (text) => data.push(text),
    get: async (lastEventId) => {
      gets.push([(Date.now() - start) / 1000, lastEventId]);
      const answer = answers[Math.min(gets.length, answers.length) - 1];
      return answer?.() ?? status(404);
    },
  };
}

const unheard = { onError: () => {}, onReopened: () => {}, onRefused: async () => true };

function down(): never {
  throw new Error('connection refused');
}

describe("the server's own stream", () => {
  test('is asked for ever more rarely while it does not live', async () => {
    const source = sourceOf([down, () => stream(''), () => status(503), () => stream('')], 0.5);
    const [closing, errors] = [new AbortController(), [] as unknown[]];
    let reopened = 0;
    const listening = listen(source, closing.signal, {
      onError: (error) => errors.push(error),
      onReopened: () => reopened++,
      onRefused: async () => false,
    });
    await vi.advanceTimersByTimeAsync(130_000);
    expect(source.gets.map(([at]) => at)).toEqual([
      0, 0.5, 1.5, 3.5, 7.5, 15.5, 30.5, 45.5, 60.5, 75.5, 90.5, 105.5, 120.5,
    ]);
    expect(errors).toHaveLength(1);
    expect(reopened).toBe(11);
    closing.abort();
    await listening;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('goes on from the last event, and not sooner than the server asks', async () => {
    const source = sourceOf([() => stream('retry: 5000\nid: 7\ndata: a\n\n'), () => stream('data: b\n\n')]);
    const closing = new AbortController();
    void listen(source, closing.signal, unheard);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(source.gets).toEqual([
      [0, undefined],
      [5, '7'],
      [15, '7'],
    ]);
    expect(source.data).toEqual(['a', 'b', 'b']);
    closing.abort();
  });

  test('is not asked for again where there is none', async () => {
    for (const code of [200, 204, 400, 404, 405, 406, 501]) {
      const source = sourceOf([() => status(code)]);
      await listen(source, new AbortController().signal, unheard);
      expect(source.gets).toHaveLength(1);
    }
  });
});

describe('the stream of an answer', () => {
  const cut = (): HttpResponse => stream('retry: 1000\nid: 1\ndata: first\n\n');
  const follow = (source: Source, response: HttpResponse, signal = new AbortController().signal): Promise<void> =>
    followAnswer(response, source, signal, () => source.data.includes('answer'));

  test('is resumed when a server that was down is back', async () => {
    const source = sourceOf([down, () => status(502), () => stream('id: 2\ndata: answer\n\n')]);
    const followed = follow(source, cut());
    await vi.advanceTimersByTimeAsync(7000);
    await followed;
    expect(source.gets).toEqual([
      [1, '1'],
      [3, '1'],
      [7, '1'],
    ]);
    expect(source.data).toEqual(['first', 'answer']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is asked for until the call that waits for it gives up', async () => {
    const source = sourceOf([down]);
    const controller = new AbortController();
    const followed = follow(source, cut(), controller.signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(source.gets.map(([at]) => at)).toEqual([1, 3, 7, 15, 31, 61, 91]);
    controller.abort('enough');
    expect(await followed).toBe('enough');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is resumed by many clients up to 20 % later than the server asks, and never sooner', async () => {
    for (const [share, at] of [
      [0, 1],
      [1, 1.2],
    ] as const) {
      const source = { ...sourceOf([() => stream('id: 2\ndata: answer\n\n')]), random: () => share };
      const followed = follow(source, cut());
      await vi.advanceTimersByTimeAsync(2000);
      await followed;
      expect(source.gets[0]?.[0]).toBeCloseTo(at);
    }
  });

  test.each([[400], [404], [405], [200]])(
    'is given up when the server says HTTP %i to its resumption',
    async (code) => {
      const source = sourceOf([() => status(code)]);
      const followed = follow(source, cut());
      await vi.advanceTimersByTimeAsync(600_000);
      await followed;
      expect(source.gets).toHaveLength(1);
    },
  );

  test('is not resumed without an id, nor after the answer', async () => {
    for (const text of ['data: first\n\n', 'id: 1\ndata: answer\n\n']) {
      const source = sourceOf([cut]);
      await follow(source, stream(text));
      expect(source.gets).toEqual([]);
    }
  });

  test('is left at once by an abort', async () => {
    const source = sourceOf([cut]);
    const controller = new AbortController();
    const followed = follow(source, cut(), controller.signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(500);
    controller.abort('enough');
    await followed;
    expect(source.gets).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('tells which of our limits it broke', async () => {
    const source = sourceOf([]);
    const long = stream(`id: 1\ndata: ${'x'.repeat(5000)}`);
    await expect(follow(source, long)).rejects.toMatchObject({ code: 'message-too-large' });
  });
});
