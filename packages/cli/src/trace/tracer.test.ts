import { expect, test } from 'vitest';
import { redactor } from '../proxy/redaction.ts';
import { openTracer, type Tracer, type TracerOptions } from './tracer.ts';

/** What a tracer prints of what `tell` tells it; a tick is 10 ms. */
function traced(tell: (tracer: Tracer, tick: () => void) => void, options: Partial<TracerOptions> = {}): string[] {
  let text = '';
  let time = 5;
  const output = { write: (chunk: string | Uint8Array) => (text += String(chunk)) };
  const redact = redactor(['canary-1']);
  const tracer = openTracer({ output, asJson: false, isWhole: false, redact, now: () => time, ...options });
  tell(tracer, () => (time += 10));
  return text.trimEnd().split('\n');
}

const call = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'add', _meta: { progressToken: 7 } } };

test('an answer names what it answers, and how long that took', () => {
  const lines = traced((tracer, tick) => {
    tracer.onMessage('client', call);
    tick();
    tracer.onMessage('server', { jsonrpc: '2.0', id: 7, result: { content: [], isError: true } });
    tracer.onMessage('server', { jsonrpc: '2.0', method: 'notifications/progress', params: { progress: 1 } });
    tracer.onMessage('server', { jsonrpc: '2.0', id: 7, result: {} });
    tracer.onTrouble('server', 'a line on stdout that is no message: Hello\u001b[2J');
    tracer.onStderr('warming up\nready\n');
  });
  expect(lines).toEqual([
    '    0.000 → #7 tools/call {"name":"add"}',
    '    0.010 ← #7 tools/call 10 ms isError {"content":[],"isError":true}',
    '    0.010 ← notifications/progress {"progress":1}',
    '    0.010 ← #7 (answers nothing that was asked)',
    String.raw`    0.010 ← ! a line on stdout that is no message: Hello\x1b[2J`,
    '    0.010 | warming up',
    '    0.010 | ready',
  ]);
});

test('both sides may ask with the same id; what is not answered is told at the end', () => {
  const lines = traced((tracer, tick) => {
    tracer.onMessage('client', call);
    tracer.onMessage('server', { jsonrpc: '2.0', id: 7, method: 'roots/list' });
    tick();
    tracer.onMessage('client', { jsonrpc: '2.0', id: 7, error: { code: -32601, message: 'No roots' } });
    tracer.end();
  });
  expect(lines.slice(1)).toEqual([
    '    0.000 ← #7 roots/list',
    '    0.010 → #7 roots/list 10 ms FAILED -32601 No roots',
    '    0.010 requests: 2; no answer to #7 tools/call',
  ]);
});

test('lines are cut to the terminal, unless messages are wanted whole', () => {
  const long = { jsonrpc: '2.0', method: 'notifications/message', params: { data: 'x'.repeat(300), _meta: { a: 1 } } };
  const tell = (tracer: Tracer): void => tracer.onMessage('server', long);
  const terminal = { write: () => undefined, isTTY: true, columns: 40 };
  let printed = '';
  terminal.write = ((text: string) => (printed += text)) as never;
  traced(tell, { output: terminal });
  expect(printed).toMatch(/^.{39}…\n$/);
  expect(traced(tell)[0]).toHaveLength(200);
  expect(traced(tell, { isWhole: true })[0]).toContain('"_meta":{"a":1}');
});

test('as JSON: a line each, with the whole message', () => {
  const lines = traced(
    (tracer, tick) => {
      tracer.onMessage('client', call);
      tick();
      tracer.onMessage('server', { jsonrpc: '2.0', id: 7, result: {} });
      tracer.onStderr('ready\n');
      tracer.end();
    },
    { asJson: true },
  );
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { atMs: 0, from: 'client', id: 7, method: 'tools/call', message: call },
    {
      atMs: 10,
      from: 'server',
      id: 7,
      method: 'tools/call',
      durationMs: 10,
      message: { jsonrpc: '2.0', id: 7, result: {} },
    },
    { atMs: 10, stderr: 'ready' },
    { atMs: 10, requests: 1, unanswered: [] },
  ]);
});

test.each([true, false])('credentials are not shown, as JSON or not (%s)', (asJson) => {
  const lines = traced(
    (tracer) => {
      const params = { name: 'canary-1', token: 'canary-2', url: 'https://me:canary-3@host/?k=canary-4' };
      tracer.onMessage('client', { jsonrpc: '2.0', id: 'canary-1', method: 'x', params });
      tracer.onMessage('server', { jsonrpc: '2.0', id: 9, error: { code: 1, message: 'Bearer canary-5' } });
      tracer.onTrouble('server', 'canary-1');
      tracer.onStderr('canary-1');
      tracer.end();
    },
    { asJson, isWhole: true },
  );
  expect(lines).toHaveLength(5);
  expect(lines.join('\n')).not.toContain('canary');
});
