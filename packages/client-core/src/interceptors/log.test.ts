import { expect, test } from 'vitest';
import { McpError } from '../errors.ts';
import type { McpRequest, RequestHandler } from '../interceptor.ts';
import { log } from './log.ts';

const canary = 'canary-8c1f';
const request: McpRequest = {
  method: 'tools/call',
  params: { name: 'pay', arguments: { password: canary, amount: 7 } },
  options: { headers: { authorization: canary } },
};

async function linesOf(next: RequestHandler, call: McpRequest = request): Promise<string[]> {
  const lines: string[] = [];
  const times = [1000, 1003.25];
  const handler = log((line) => lines.push(line), { now: () => times.shift() ?? 0 })(next);
  await handler(call).catch(() => {});
  return lines;
}

const timeout = new McpError('timeout', `no answer to ${canary}`);

test.each<[string, RequestHandler, string]>([
  ['an answer', async () => ({ content: [canary] }), 'tools/call pay ok in 3.3 ms'],
  ["a tool's own failure", async () => ({ isError: true, content: [canary] }), 'tools/call pay tool-error in 3.3 ms'],
  ['an error', () => Promise.reject(timeout), 'tools/call pay timeout in 3.3 ms'],
  ['what an interceptor threw', () => Promise.reject(new Error(canary)), 'tools/call pay error in 3.3 ms'],
])('writes one line for %s, without anything that could be secret', async (_title, next, line) => {
  expect(await linesOf(next)).toEqual([line]);
});

test('tells a call that its caller cancelled', async () => {
  const cancelled = { ...request, options: { signal: AbortSignal.abort() } };
  expect(await linesOf(() => Promise.reject(new Error('enough')), cancelled)).toEqual([
    'tools/call pay cancelled in 3.3 ms',
  ]);
});

test('a name cannot write a line of its own, move the cursor or flood the log', async () => {
  const [line = ''] = await linesOf(async () => ({}), {
    ...request,
    params: { name: `a\ntools/call b ok\u{1b}[2J\u{202e}${'x'.repeat(5_000_000)}` },
  });
  expect(line).toMatch(/^tools\/call a tools\/call b ok\\u\{1b\}\[2J\\u\{202e\}x+… ok in 3.3 ms$/);
  expect(line.length).toBeLessThan(200);
});

test('answers and errors pass unchanged, also when writing fails', async () => {
  const full = (): void => {
    throw new Error('disk full');
  };
  const answer = {};
  expect(await log(full)(async () => answer)(request)).toBe(answer);
  await expect(log(full)(() => Promise.reject(timeout))(request)).rejects.toBe(timeout);
});
