import { expect, test } from 'vitest';
import { McpError } from '../errors.ts';
import type { McpRequest, RequestHandler } from '../interceptor.ts';
import { audit, type AuditOptions } from './audit.ts';

const canary = 'canary-8c1f';
const request: McpRequest = {
  method: 'tools/call',
  params: { name: 'pay', arguments: { amount: 7, to: { name: 'Ada', apiKey: canary } }, _meta: { token: canary } },
  options: { headers: { authorization: canary } },
};

async function linesOf(options: AuditOptions, next: RequestHandler, call: McpRequest = request): Promise<string[]> {
  const lines: string[] = [];
  const times = [1_700_000_000_000, 1_700_000_000_042];
  const now = (): number => times.shift() ?? 0;
  await audit((line) => lines.push(line), { now, ...options })(next)(call).catch(() => {});
  return lines;
}

const ok: RequestHandler = async () => ({ content: [{ type: 'text', text: canary }] });
const record = { time: '2023-11-14T22:13:20.000Z', server: 'bank', method: 'tools/call', tool: 'pay', durationMs: 42 };

test.each<[string, RequestHandler, object]>([
  ['an answer', ok, { outcome: 'ok' }],
  ["a tool's own failure", async () => ({ isError: true, content: [canary] }), { outcome: 'tool-error' }],
  [
    'an error',
    () => Promise.reject(new McpError('timeout', canary, { attempts: 3 })),
    { outcome: 'timeout', attempts: 3 },
  ],
  ['what an interceptor threw', () => Promise.reject(new Error(canary)), { outcome: 'error' }],
])('writes one line of JSON for %s, without anything that could be secret', async (_title, next, outcome) => {
  const lines = await linesOf({ server: 'bank' }, next);
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain(canary);
  expect(JSON.parse(lines[0] ?? '')).toEqual({ ...record, ...outcome });
});

test('adds arguments only when asked, and never what looks secret', async () => {
  const [line = ''] = await linesOf({ server: 'bank', arguments: true }, ok);
  const shown = { amount: 7, to: { name: 'Ada', apiKey: '[redacted]' } };
  expect(JSON.parse(line)).toEqual({ ...record, outcome: 'ok', arguments: shown });
  expect(line).not.toContain(canary);
});

test('tells the arguments as they were given, whatever becomes of them', async () => {
  const given = { amount: 7 };
  const [line = ''] = await linesOf(
    { arguments: true },
    async () => {
      given.amount = 8;
      return {};
    },
    { ...request, params: { name: 'pay', arguments: given } },
  );
  expect(JSON.parse(line)).toMatchObject({ arguments: { amount: 7 } });
});

test('a line stays one line of bounded length that a terminal may show, and parses to what was said', async () => {
  const said = 'a\nb\u{1b}]52;c;x\u{7}\u{85}\u{202e}\u{e0041}\u{2028}';
  const call = { ...request, params: { name: 'say', arguments: { said, flood: 'x'.repeat(5_000_000) } } };
  const [line = ''] = await linesOf({ arguments: true }, ok, call);
  expect(line).toMatch(/^[\x20-\x7e…]+$/);
  expect(line.length).toBeLessThan(5000);
  expect(JSON.parse(line)).toMatchObject({ arguments: { said } });
});

test('names a prompt as a prompt', async () => {
  const [line = ''] = await linesOf({}, ok, { method: 'prompts/get', params: { name: 'greet' }, options: {} });
  expect(JSON.parse(line)).toMatchObject({ method: 'prompts/get', prompt: 'greet', outcome: 'ok' });
});

test('arguments that cannot be read, and a write that fails, do not break the call', async () => {
  const call = { ...request, params: { name: 'odd', arguments: { toJSON: () => JSON.parse('no JSON') } } };
  const [line = ''] = await linesOf({ arguments: true }, ok, call);
  expect(JSON.parse(line)).toMatchObject({ outcome: 'ok', arguments: '[unreadable]' });
  const full = (): void => {
    throw new Error('disk full');
  };
  expect(await audit(full)(async () => 'answer')(request)).toBe('answer');
});
