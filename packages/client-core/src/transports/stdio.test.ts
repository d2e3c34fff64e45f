import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { ServerExitedError, type McpError } from '../errors.ts';
import { stdioTransport, type StdioTransport, type StdioTransportOptions } from './stdio.ts';

interface Events {
  messages: unknown[];
  errors: Error[];
  ignored: string[];
  stderr: string;
  /** The order of what ended the connection. */
  ends: string[];
}

interface Observed {
  transport: StdioTransport;
  events: Events;
}

const opened: StdioTransport[] = [];

/** Waits for as long as a busy machine may need. */
function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000, interval: 5 });
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((transport) => transport.close()));
});

function observe(options: StdioTransportOptions): Observed {
  const events: Events = { messages: [], errors: [], ignored: [], stderr: '', ends: [] };
  const transport = stdioTransport({
    terminateAfterMs: 300,
    killAfterMs: 300,
    onIgnored: (line) => events.ignored.push(line),
    onStderr: (text) => (events.stderr += text),
    ...options,
  });
  transport.onmessage = (message) => events.messages.push(message);
  transport.onerror = (error) => {
    events.errors.push(error);
    events.ends.push('error');
  };
  transport.onclose = () => events.ends.push('close');
  opened.push(transport);
  return { transport, events };
}

/** Starts a server whose program is `code`; `answer(id, result)` and `onRequest` are there for it. */
async function serve(code: string, options: Partial<StdioTransportOptions> = {}): Promise<Observed> {
  return started({ command: process.execPath, args: ['-e', prelude + code], ...options });
}

async function started(options: StdioTransportOptions): Promise<Observed> {
  const { transport, events } = observe(options);
  await transport.start();
  return { transport, events };
}

const prelude = `
  const answer = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
  const onRequest = (listener) => {
    let text = '';
    process.stdin.setEncoding('utf8').on('data', (chunk) => {
      const lines = (text + chunk).split('\\n');
      text = lines.pop();
      for (const line of lines) listener(JSON.parse(line));
    });
  };
  const stayAlive = () => process.stdin.resume();
  const readNothing = () => setInterval(() => {}, 1000);
`;
const echo = 'onRequest(({ id, params }) => answer(id, params));';

function request(id: number, params: Record<string, unknown> = {}): Parameters<StdioTransport['send']>[0] {
  return { jsonrpc: '2.0', id, method: 'echo', params };
}

/** Sends all at once; each settles with its error, or with nothing. */
function sendMany(transport: StdioTransport, count: number, bytes: number): Promise<McpError | undefined>[] {
  const text = 'x'.repeat(bytes);
  return Array.from({ length: count }, (_value, id) =>
    transport.send(request(id, { text })).then(
      () => undefined,
      (error: McpError) => error,
    ),
  );
}

function answers(count: number): unknown[] {
  return Array.from({ length: count }, (_value, id) => ({ jsonrpc: '2.0', id, result: {} }));
}

test('carries requests and answers', async () => {
  const { transport, events } = await serve(echo);
  await transport.send(request(1, { text: 'ümläut \n 漢字 👩‍👩‍👧' }));
  await eventually(() => expect(events.messages).toHaveLength(1));
  expect(events.messages).toEqual([{ jsonrpc: '2.0', id: 1, result: { text: 'ümläut \n 漢字 👩‍👩‍👧' } }]);
  expect(transport.pid).toBeGreaterThan(1);
});

test('keeps the order of 5,000 messages that are sent at once, slower than the server reads', async () => {
  const { transport, events } = await serve(echo);
  for (let id = 0; id < 5000; id += 500) {
    await Promise.all(Array.from({ length: 500 }, (_value, offset) => transport.send(request(id + offset))));
  }
  await eventually(() => expect(events.messages).toHaveLength(5000));
  expect(events.messages).toEqual(answers(5000));
});

test('ignores and reports what is no JSON-RPC, and recovers an answer that is glued to it', async () => {
  const { events } = await serve(`
    process.stdout.write('\\uFEFFServer ready\\r\\n{"level":"info"}\\n\\nloading...');
    answer(0, {});
    process.stdout.write('[' + JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} }) + ']\\r\\n');
    stayAlive();
  `);
  await eventually(() => expect(events.messages).toHaveLength(2));
  expect(events.messages).toEqual(answers(2));
  expect(events.ignored).toEqual(['Server ready', '{"level":"info"}', 'loading...']);
  expect(events.errors).toEqual([]);
});

test('delivers a result of 10 MiB', async () => {
  const { events } = await serve(`answer(1, 'ä'.repeat(5 * 1024 * 1024)); stayAlive();`);
  await eventually(() => expect(events.messages).toHaveLength(1));
  expect(events.messages[0]).toEqual({ jsonrpc: '2.0', id: 1, result: 'ä'.repeat(5 * 1024 * 1024) });
});

test('fails only the call whose answer is too large, in constant memory', async () => {
  const before = process.memoryUsage.rss();
  const { events } = await serve(
    `const chunk = Buffer.alloc(1 << 20, 'x');
     let count = 0;
     process.stdout.write('{"jsonrpc":"2.0","id":7,"result":"');
     const more = () => {
       while (count++ < 200) if (!process.stdout.write(chunk)) return process.stdout.once('drain', more);
       process.stdout.write('"}\\n');
       answer(8, 'small');
       stayAlive();
     };
     more();`,
    { maxMessageBytes: 8 << 20 },
  );
  await eventually(() => expect(events.messages).toHaveLength(1));
  expect(events.errors).toMatchObject([{ code: 'message-too-large', requestId: 7 }]);
  expect(events.messages).toEqual([{ jsonrpc: '2.0', id: 8, result: 'small' }]);
  expect(events.ends).toEqual(['error']);
  expect((process.memoryUsage.rss() - before) / (1 << 20)).toBeLessThan(80);
});

test('goes on after a message whose handler throws', async () => {
  const { transport, events } = await serve('answer(0, {}); answer(1, {}); stayAlive();');
  const failure = new Error('handler');
  const seen: unknown[] = [];
  transport.onmessage = (message) => {
    seen.push(message);
    throw failure;
  };
  await eventually(() => expect(seen).toHaveLength(2));
  expect(events.errors).toEqual([failure, failure]);
});

test('refuses more than 1,000 waiting messages, and rejects all that wait when the server dies', async () => {
  const warnings: unknown[] = [];
  const onWarning = (warning: Error): number => warnings.push(warning);
  process.on('warning', onWarning);
  const { transport, events } = await serve('readNothing();');
  const outcomes = sendMany(transport, 4000, 1000);
  await expect(outcomes.at(-1)).resolves.toMatchObject({ code: 'queue-full', delivered: 'no', retryable: true });

  process.kill(transport.pid!, 'SIGKILL'); // It was started.
  const rejected = (await Promise.all(outcomes)).filter((outcome) => outcome instanceof ServerExitedError);
  expect(rejected).toHaveLength(1000);
  expect(rejected[0]).toMatchObject({ signal: 'SIGKILL', delivered: 'no', retryable: true });
  await vi.waitFor(() => expect(events.ends).toEqual(['error', 'close']));
  await expect(transport.send(request(1))).rejects.toMatchObject({ code: 'server-exited' });
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

test('refuses more than 8 MiB of waiting messages, and rejects what waits when it is closed', async () => {
  const { transport } = await serve('readNothing();');
  const outcomes = sendMany(transport, 12, 1 << 20);
  await expect(outcomes.at(-1)).resolves.toMatchObject({ code: 'queue-full' });
  await transport.close();
  const closed = (await Promise.all(outcomes)).filter((outcome) => outcome?.code === 'connection-closed');
  expect(closed).toHaveLength(7); // The eighth and the message around it are over 8 MiB.
});

test('writes what waited once the server reads again', async () => {
  const { transport, events } = await serve(`setTimeout(() => { ${echo} }, 300);`);
  const text = 'x'.repeat(2000);
  await Promise.all(Array.from({ length: 900 }, (_value, id) => transport.send(request(id, { text }))));
  await eventually(() => expect(events.messages).toHaveLength(900));
  expect(events.messages[899]).toEqual({ jsonrpc: '2.0', id: 899, result: { text } });
});

test('never blocks on stderr, and keeps its end', async () => {
  const { transport, events } = await serve(`
    process.stderr.write('ä'.repeat(1 << 20) + 'the end', () => answer(0, {}));
    stayAlive();
  `);
  await eventually(() => expect(events.messages).toHaveLength(1));
  await eventually(() => expect(events.stderr).toHaveLength((1 << 20) + 7));
  expect(events.stderr).not.toContain('\uFFFD');
  expect(transport.stderrTail()).toBe(`${'ä'.repeat((4096 - 8) / 2)}the end`.slice(-4096));
});

test('tells how a server ended that exits at start, and what it said', async () => {
  const { events } = await serve(`process.stderr.write('no license'); process.exitCode = 3;`);
  await eventually(() => expect(events.ends).toEqual(['error', 'close']));
  expect(events.errors).toMatchObject([
    { name: 'ServerExitedError', exitCode: 3, signal: null, stderrTail: 'no license', delivered: 'unknown' },
  ]);
  expect(events.errors[0]?.message).toContain('exited with code 3');
});

test('delivers the last answer of a server before it reports its end', async () => {
  const { events } = await serve(
    `process.stdout.write('{"jsonrpc":"2.0","id":0,"result":{}}', () => process.exit(0));`,
  );
  await eventually(() => expect(events.ends).toEqual(['error', 'close']));
  expect(events.messages).toEqual(answers(1));
});

test.each([
  ['stdout', `require('node:fs').closeSync(1); readNothing();`],
  ['stdin', `process.stdin.destroy(); require('node:fs').closeSync(0); answer(0, {}); readNothing();`],
])('reports a server that closes its %s but lives, and stops it', async (pipe, code) => {
  const { transport, events } = await serve(code);
  if (pipe === 'stdin') {
    await eventually(() => expect(events.messages).toHaveLength(1));
    await transport.send(request(1));
  }
  await eventually(() => expect(events.ends).toEqual(['error', 'close']));
  expect(events.errors).toMatchObject([{ code: 'connection-closed' }]);
  expect(events.errors[0]?.message).toContain(pipe);
  await transport.close();
  expect(() => process.kill(transport.pid!, 0)).toThrow('ESRCH'); // It was started.
});

test('passes arguments on as they are, without a shell', async () => {
  const args = ['two words', '$HOME', '$(touch x)', '; exit 1', '"quoted"', ''];
  const code = `${prelude} answer(0, process.argv.slice(1)); stayAlive();`;
  const { events } = await started({ command: process.execPath, args: ['-e', code, '--', ...args] });
  await eventually(() => expect(events.messages).toEqual([{ jsonrpc: '2.0', id: 0, result: args }]));
});

test('keeps the secrets of this process from the server', async () => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'canary');
  vi.stubEnv('NAMED', 'named');
  const { events } = await serve('answer(0, process.env); stayAlive();', {
    env: { SET: 'set' },
    inheritEnv: ['NAMED'],
  });
  await eventually(() => expect(events.messages).toHaveLength(1));
  vi.unstubAllEnvs();
  const { result } = events.messages[0] as { result: Record<string, string> };
  expect(result).toMatchObject({ PATH: process.env['PATH'], SET: 'set', NAMED: 'named' });
  expect(result).not.toHaveProperty('AWS_SECRET_ACCESS_KEY');
});

test('starts the server in its working directory', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'toolwire-'));
  const { events } = await serve('answer(0, process.cwd()); stayAlive();', { cwd });
  await eventually(() => expect(events.messages).toEqual([{ jsonrpc: '2.0', id: 0, result: cwd }]));
  rmSync(cwd, { recursive: true });
});

test('serves one connection only', async () => {
  const { transport } = observe({ command: process.execPath, args: ['-e', echo] });
  await expect(transport.send(request(1))).rejects.toMatchObject({ code: 'connection-closed', delivered: 'no' });
  await transport.start();
  await expect(transport.start()).rejects.toMatchObject({ code: 'connection-failed' });
  await transport.close();
  await expect(transport.send(request(1))).rejects.toMatchObject({ code: 'connection-closed' });
  await expect(transport.start()).rejects.toMatchObject({ code: 'connection-failed' });
});
