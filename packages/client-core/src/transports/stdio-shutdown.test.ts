import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { stdioTransport, type StdioTransport, type StdioTransportOptions } from './stdio.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolwire-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Waits for as long as a busy machine may need. */
function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000, interval: 5 });
}

interface Server {
  transport: StdioTransport;
  errors: unknown[];
  /** How often `onclose` was called. */
  closes: number;
  /** The process ids that the server named in its first message. */
  pids: number[];
}

const times = { terminateAfterMs: 200, killAfterMs: 200 };

async function start(options: StdioTransportOptions): Promise<Server> {
  const transport = stdioTransport({ ...times, ...options });
  const server: Server = { transport, errors: [], closes: 0, pids: [] };
  transport.onerror = (error) => server.errors.push(error);
  transport.onclose = () => (server.closes += 1);
  transport.onmessage = (message) => (server.pids = (message as unknown as { result: number[] }).result);
  await transport.start();
  await eventually(() => expect(server.pids).not.toEqual([]));
  return server;
}

function node(code: string): StdioTransportOptions {
  const ready = `process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: 0, result: [process.pid] }) + '\\n');`;
  return { command: process.execPath, args: ['-e', code + ready] };
}

/** A shell that starts `child` in the background, names both and runs `then`. */
function shell(child: string, then: string): StdioTransportOptions {
  return { command: 'sh', args: ['-c', `${child} & echo '{"jsonrpc":"2.0","id":0,"result":['$$,$!']}'; ${then}`] };
}

async function expectEnded(pids: readonly number[]): Promise<void> {
  expect(pids).not.toEqual([]);
  await eventually(() => expect(pids.filter(isRunning)).toEqual([]));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/stat`; // What has ended may wait there until the system collects it.
  return !existsSync(status) || !/\) Z /.test(readFileSync(status, 'utf8'));
}

test('lets a server end by itself when its stdin ends', async () => {
  const mark = join(folder, 'mark');
  const server = await start(
    node(`process.stdin.resume().on('end', () => require('node:fs').writeFileSync('${mark}', 'tidy'));`),
  );
  await server.transport.close();
  expect(readFileSync(mark, 'utf8')).toBe('tidy');
  expect(server).toMatchObject({ errors: [], closes: 1 });
  await expectEnded(server.pids);
});

test('ends a server that ignores the end of stdin with SIGTERM', async () => {
  const mark = join(folder, 'mark');
  const onTerm = `process.on('SIGTERM', () => { require('node:fs').writeFileSync('${mark}', 'tidy'); process.exit(); });`;
  const server = await start(node(`${onTerm} setInterval(() => {}, 1000);`));
  await server.transport.close();
  expect(readFileSync(mark, 'utf8')).toBe('tidy');
  expect(server).toMatchObject({ errors: [], closes: 1 });
  await expectEnded(server.pids);
});

test('ends a server that ignores SIGTERM too with SIGKILL', async () => {
  const server = await start(node(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`));
  await server.transport.close();
  expect(server).toMatchObject({ errors: [], closes: 1 });
  await expectEnded(server.pids);
});

test.each([
  ['that ends with its stdin', shell('sleep 60', 'cat')],
  ['that ignores its stdin', shell('sleep 60', 'sleep 60')],
  ['whose descendant ignores SIGTERM', shell(`sh -c 'trap "" TERM; sleep 60; sleep 60'`, 'cat')],
])('leaves no descendant of a server %s', async (_title, options) => {
  const server = await start(options);
  expect(server.pids).toHaveLength(2);
  await server.transport.close();
  await expectEnded(server.pids);
});

test('finds that a server was killed although a descendant holds its stdout, and ends the descendant', async () => {
  const server = await start(shell('sleep 60', 'sleep 60'));
  process.kill(server.pids.at(0)!, 'SIGKILL'); // It named itself.
  await eventually(() => expect(server.closes).toBe(1));
  expect(server.errors).toMatchObject([{ name: 'ServerExitedError', signal: 'SIGKILL', exitCode: null }]);
  await expectEnded(server.pids);
});

test('closes once, whenever and however often it is asked to', async () => {
  const ended = await start(node('setTimeout(() => process.exit(1), 50);'));
  await eventually(() => expect(ended.closes).toBe(1));
  await ended.transport.close();
  expect(ended).toMatchObject({ closes: 1, errors: [{ exitCode: 1 }] });

  const living = await start(node('process.stdin.resume();'));
  await Promise.all([living.transport.close(), living.transport.close()]);
  await living.transport.close();
  expect(living).toMatchObject({ closes: 1, errors: [] });

  const unstarted = stdioTransport(node(''));
  await unstarted.close();

  const opening = stdioTransport(node('process.stdin.resume();'));
  const starting = opening.start();
  await opening.close();
  await starting;
  await expectEnded([opening.pid!]); // It was started.

  const missing = stdioTransport({ command: 'no-such-command' });
  await expect(missing.start()).rejects.toMatchObject({ code: 'spawn-failed' });
  await missing.close();
});

test('leaves no listener on the process', async () => {
  const events = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'];
  const counts = events.map((event) => process.listenerCount(event));
  const servers = await Promise.all([1, 2, 3].map(() => start(node('process.stdin.resume();'))));
  expect(events.map((event) => process.listenerCount(event))).toEqual(counts.map((count) => count + 1));
  await Promise.all(servers.map(({ transport }) => transport.close()));
  expect(events.map((event) => process.listenerCount(event))).toEqual(counts);
});

interface Host {
  pids: number[];
  exitCode: number | null;
  signal: string | null;
  output: string;
}

/** Runs a host that connects to a server with a descendant, then does `code`; sends it `signal` once it is connected. */
async function runHost(code: string, signal?: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): Promise<Host> {
  const server = shell('sleep 60', 'sleep 60');
  const program = `
    import { stdioTransport } from ${JSON.stringify(new URL('stdio.ts', import.meta.url).href)};
    const transport = stdioTransport(${JSON.stringify({ ...times, ...server })});
    transport.onmessage = async ({ result }) => {
      console.log(JSON.stringify(result));
      ${code}
    };
    await transport.start();
  `;
  const host = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  host.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '' && signal !== undefined) host.kill(signal);
    output += text;
  });
  const [exitCode, endSignal] = await new Promise<[number | null, string | null]>((resolve) =>
    host.on('close', (...end) => resolve(end)),
  );
  return { pids: JSON.parse(output.split('\n', 1).join('')) as number[], exitCode, signal: endSignal, output };
}

test('lets the host end once it has closed', async () => {
  const host = await runHost(`await transport.close(); console.log('closed');`);
  expect(host).toMatchObject({ exitCode: 0, output: expect.stringContaining('closed') });
  await expectEnded(host.pids);
});

test.each([
  ['exits', 'process.exit(4);', { exitCode: 4 }],
  ['fails', `setTimeout(() => { throw new Error('uncaught'); });`, { exitCode: 1 }],
])('leaves no process behind when the host %s', async (_title, code, end) => {
  const host = await runHost(code);
  expect(host).toMatchObject(end);
  await expectEnded(host.pids);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'leaves no process behind when the host gets %s',
  async (signal) => {
    const host = await runHost('', signal);
    expect(host).toMatchObject({ exitCode: null, signal });
    await expectEnded(host.pids);
  },
);

test('leaves a signal to a host that handles it', async () => {
  const host = await runHost(
    `process.on('SIGTERM', async () => { process.kill(transport.pid, 0); await transport.close(); process.exit(6); });
     process.kill(process.pid, 'SIGTERM');`,
  );
  expect(host).toMatchObject({ exitCode: 6 });
  await expectEnded(host.pids);
});

test('ends with the signal beside a package that only observes it', async () => {
  const host = await runHost(
    `const emitter = { count: 1 };
     globalThis[Symbol.for('signal-exit emitter')] = emitter;
     const observe = () => {
       if (process.listeners('SIGTERM').length !== emitter.count) return;
       process.off('SIGTERM', observe);
       process.kill(process.pid, 'SIGTERM');
     };
     process.on('SIGTERM', observe);
     process.kill(process.pid, 'SIGTERM');`,
  );
  expect(host).toMatchObject({ signal: 'SIGTERM' });
  await expectEnded(host.pids);
});
