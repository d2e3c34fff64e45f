import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report, Tool } from '@toolwire/client-core';
import { expect, test } from 'vitest';
import { startRawHttpServer, type Answer } from '../servers/raw-http-server.ts';
import { faultServer, legacyClient, within } from './fault-server.ts';

/** The warnings of this process while `run` runs. */
async function warningsDuring(run: () => Promise<void>): Promise<string[]> {
  const warnings: string[] = [];
  const onWarning = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', onWarning);
  await run();
  await sleep(10); // Warnings come a turn later.
  process.off('warning', onWarning);
  return warnings;
}

/** How many of the numbers come more than `most` places from where they belong. */
function misplaced(numbers: readonly number[], most: number): number {
  return numbers.filter((number, place) => Math.abs(number - place) > most).length;
}

const numbers = Array.from({ length: 1000 }, (_, index) => index);

test.each(['JSON', 'events'])(
  'row 27: 1,000 calls at once are all answered, first in first out, over at most 32 sockets (%s)',
  async (form) => {
    const busy = new Set<unknown>();
    const arrived: number[] = [];
    let most = 0;
    await using server = await startRawHttpServer({
      'tools/call': ({ message, request, result, events }) => {
        const text = String((message.params?.['arguments'] as { number: number } | undefined)?.number);
        arrived.push(Number(text));
        busy.add(request.socket);
        most = Math.max(most, busy.size);
        setTimeout(() => {
          busy.delete(request.socket);
          const value = { content: [{ type: 'text', text }] };
          if (form === 'JSON') result(value);
          else events({ jsonrpc: '2.0', id: message.id, result: value });
        }, 5);
      },
    });
    await using client = legacyClient(server.url);
    const { signal } = new AbortController();
    const warnings = await warningsDuring(async () => {
      const results = await Promise.all(numbers.map((number) => client.callTool('any', { number }, { signal })));
      expect(results.map((result) => Number(result.text()))).toEqual(numbers);
    });
    expect(warnings).toEqual([]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(32);
    // The first 32 go out while their sockets are opened, each as fast as that goes; the others wait their turn.
    const queued = arrived.filter((number) => number >= 32).map((number) => number - 32);
    expect(misplaced(queued, 32)).toBe(0);
    expect(server.requests.filter(({ method }) => method === 'initialize')).toHaveLength(1);
  },
);

test('row 27: 1,000 calls at once are all answered over stdio', async () => {
  await using client = legacyClient(faultServer());
  const { signal } = new AbortController();
  const warnings = await warningsDuring(async () => {
    const calls = numbers.map((number) => client.callTool('echo', { text: String(number) }, { signal }));
    expect((await Promise.all(calls)).map((result) => Number(result.text()))).toEqual(numbers);
  });
  expect(warnings).toEqual([]);
});

test('row 28: answers with unknown, string and null ids and second answers are ignored and counted', async () => {
  const reports: Report[] = [];
  await using client = legacyClient(faultServer(), { onReport: (report) => reports.push(report) });
  expect((await client.callTool('stray_answers')).text()).toBe('the answer');
  expect((await client.callTool('echo', { text: 'still here' })).text()).toBe('still here');
  expect(reports.map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => 'ignored-message'));
});

test('row 29: 100,000 notifications are all heard, in order, and hold up nothing', async () => {
  const heard: string[] = [];
  await using client = legacyClient(faultServer(), { onNotification: (_, { uri }) => heard.push(String(uri)) });
  await client.connect();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const answer = await within(1000, client.callTool('notify', { count: 100_000 }));
  delay.disable();
  expect(answer.text()).toBe('notified');
  expect(heard).toHaveLength(100_000);
  expect(heard.every((uri, index) => uri === `count://${index + 1}`)).toBe(true);
  expect(delay.max / 1e6).toBeLessThan(500); // Milliseconds; the aim is 100 on an idle machine.
});

test('row 29: a subscription that nobody reads keeps the newest changes and no more', async () => {
  await using client = legacyClient(faultServer());
  await using subscription = await client.subscribe('count://');
  await client.callTool('notify', { count: 100_000 });
  const kept: number[] = [];
  for await (const change of subscription) {
    if (change.type === 'resource') kept.push(Number(change.uri.replace('count://', '')));
    if (kept.at(-1) === 100_000) break;
  }
  expect(kept.length).toBeLessThanOrEqual(1001);
  expect(kept.slice(-1000)).toEqual(Array.from({ length: 1000 }, (_, index) => 99_001 + index));
});

const tool: Tool = { name: 'any', inputSchema: { type: 'object' } };

function pages(nextCursor: (page: number) => string | undefined): Answer {
  let page = 0;
  return ({ result }) => {
    page += 1;
    const next = nextCursor(page);
    result({ tools: [{ ...tool, name: `tool_${page}` }], ...(next !== undefined && { nextCursor: next }) });
  };
}

test.each([
  { name: 'repeats its cursor', next: () => 'again', asked: 2 },
  { name: 'goes round in a circle', next: (page: number) => `page ${page % 3}`, asked: 4 },
  { name: 'has more than 1,000 pages', next: (page: number) => `page ${page}`, asked: 1001 },
])('row 29: a list that $name is an error, and is asked for no further', async ({ next, asked }) => {
  await using server = await startRawHttpServer({ 'tools/list': pages(next) });
  await using client = legacyClient(server.url);
  await expect(client.listTools()).rejects.toMatchObject({ code: 'invalid-response', retryable: false });
  expect(server.requests.filter(({ method }) => method === 'tools/list')).toHaveLength(asked);
});

test('row 29: a list of 1,000 pages is whole', async () => {
  await using server = await startRawHttpServer({
    'tools/list': pages((page) => (page < 1000 ? `${page}` : undefined)),
  });
  await using client = legacyClient(server.url);
  expect(await client.listTools()).toHaveLength(1000);
});
