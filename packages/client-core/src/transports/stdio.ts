import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { McpError, ServerExitedError, type McpErrorOptions } from '../errors.ts';
import type { JSONRPCMessage, Transport } from '../transport.ts';
import { onHostExit } from './host-exit.ts';
import { lineFraming } from './line-framing.ts';
import { oversizedMessageError } from './oversized-line.ts';
import { exitOf, settlesWithin, signalGroup, stopGroup, type Exit } from './process-group.ts';
import { spawnServer, type SpawnServerOptions } from './spawn-server.ts';
import { stderrRing } from './stderr-ring.ts';
import { writeQueue, type WriteQueue } from './write-queue.ts';

/** How to start a stdio server and what to be told about it. */
export interface StdioTransportOptions extends SpawnServerOptions {
  /** The largest message to read, in bytes. Default 64 MiB; a larger one fails only the call that it answers. */
  maxMessageBytes?: number | undefined;
  /** Refuses batches, which only 2025-03-26 allows. Default false. */
  strict?: boolean | undefined;
  /** Told what the server writes to stderr. */
  onStderr?: ((text: string) => void) | undefined;
  /** Told what the server writes to stdout that is no JSON-RPC, at most 2 KiB of each line. */
  onIgnored?: ((line: string) => void) | undefined;
  /** How long `close()` waits after ending stdin before SIGTERM, in milliseconds. Default 2,000. */
  terminateAfterMs?: number | undefined;
  /** How long `close()` waits after SIGTERM before SIGKILL, in milliseconds. Default 2,000. */
  killAfterMs?: number | undefined;
}

/** A connection to a child process over its stdin and stdout. */
export interface StdioTransport extends Transport {
  /** The process id of the server; undefined before `start()`. */
  readonly pid: number | undefined;
  /** The last `bytes` bytes that the server wrote to stderr; 4 KiB by default, at most 64 KiB. */
  stderrTail(bytes?: number): string;
}

type ServerProcess = ChildProcessWithoutNullStreams;

// What is still in the pipes when a process has ended arrives within this time, or a descendant holds them open.
const flushMs = 50;
const tailBytes = 4096;

/** Starts a server process on `start()` and speaks newline-framed JSON-RPC with it; Node only. */
export function stdioTransport(options: StdioTransportOptions): StdioTransport {
  const { maxMessageBytes = 64 * 1024 * 1024, terminateAfterMs = 2000, killAfterMs = 2000 } = options;
  const name = `The server "${options.command}"`;
  const stderr = stderrRing();
  const stderrText = new TextDecoder();
  let child: ServerProcess | undefined;
  let queue: WriteQueue | undefined;
  let starting: Promise<void> | undefined;
  let closing: Promise<void> | undefined;
  let forgetGroup: (() => void) | undefined;
  let isOver = false;

  const framing = lineFraming(maxMessageBytes, {
    onMessage(message, isBatch) {
      if (isBatch && options.strict === true) {
        const refused = new McpError('invalid-response', `${name} sent a batch.`, { delivered: 'yes' });
        transport.onerror?.(Object.assign(refused, { requestId: message['id'] }));
        return;
      }
      try {
        transport.onmessage?.(message as unknown as JSONRPCMessage); // Checked as far as `jsonrpc`; the rest is the peer's.
      } catch (error) {
        transport.onerror?.(error as Error);
      }
    },
    onIgnored: (line) => options.onIgnored?.(line),
    onTooLarge: (requestId) => transport.onerror?.(oversizedMessageError(requestId, maxMessageBytes)),
  });

  async function open(): Promise<void> {
    const server = await spawnServer(options);
    child = server;
    queue = writeQueue(server.stdin);
    forgetGroup = onHostExit(() => signalGroup(server, 'SIGKILL'));
    const closed = new Promise((resolve) => server.once('close', resolve));
    void exitOf(server).then((exit) => exited(server, exit, closed));
    server.stdout.on('data', (chunk: Buffer) => framing.push(chunk));
    server.stdout.once('end', () => {
      framing.end();
      void lostPipe(server, 'stdout');
    });
    server.stdout.on('error', () => void lostPipe(server, 'stdout'));
    server.stdin.on('error', () => void lostPipe(server, 'stdin'));
    server.stderr.on('data', (chunk: Buffer) => {
      stderr.push(chunk);
      options.onStderr?.(stderrText.decode(chunk, { stream: true }));
    });
    server.stderr.on('error', () => {}); // Only its last words are lost.
  }

  async function exited(server: ServerProcess, exit: Exit, closed: Promise<unknown>): Promise<void> {
    await settlesWithin(closed, flushMs);
    if (isOver || closing !== undefined) return;
    signalGroup(server, 'SIGKILL');
    const stderrTail = stderr.tail(tailBytes);
    const how = exit.signal === null ? `exited with code ${exit.exitCode}` : `was ended by ${exit.signal}`;
    const message = `${name} ${how}.${stderrTail === '' ? '' : ' Its stderr may say why.'}`;
    lose((delivery) => new ServerExitedError(message, { ...exit, stderrTail }, delivery));
    forgetGroup?.();
  }

  async function lostPipe(server: ServerProcess, pipe: 'stdin' | 'stdout'): Promise<void> {
    if (await settlesWithin(exitOf(server), flushMs)) return; // The usual reason, and the better message.
    if (isOver || closing !== undefined) return;
    closing = stopGroup(server, { terminateAfterMs: 0, killAfterMs }).then(forgetGroup);
    const message = `${name} closed its ${pipe} although it still ran; it was stopped.`;
    lose((delivery) => new McpError('connection-closed', message, delivery));
  }

  function lose(describe: (delivery: McpErrorOptions) => McpError): void {
    queue?.fail(describe({ delivered: 'no', retryable: true }));
    // A turn later, so that who still waited in the queue has heard that nothing of his was sent.
    setImmediate(() => finish(() => transport.onerror?.(describe({ retryable: true }))));
  }

  function finish(report?: () => void): void {
    if (isOver) return;
    framing.end();
    isOver = true;
    child?.stdout.destroy();
    child?.stderr.destroy();
    child?.stdin.destroy();
    report?.();
    transport.onclose?.();
  }

  async function shutDown(): Promise<void> {
    await starting?.catch(() => {}); // Whoever called start() is told.
    queue?.end(new McpError('connection-closed', `${name} was closed before this was sent.`, { delivered: 'no' }));
    if (child !== undefined) await stopGroup(child, { terminateAfterMs, killAfterMs });
    forgetGroup?.();
    finish();
  }

  const transport: StdioTransport = {
    start() {
      if (starting !== undefined || closing !== undefined) {
        const message = `${name} was started before; a transport serves one connection, so make a new one.`;
        return Promise.reject(new McpError('connection-failed', message, { delivered: 'no' }));
      }
      return (starting = open());
    },
    async send(message) {
      if (queue === undefined) throw new McpError('connection-closed', `${name} is not running.`, { delivered: 'no' });
      await queue.write(`${JSON.stringify(message)}\n`);
    },
    close: () => (closing ??= shutDown()),
    stderrTail: (bytes = tailBytes) => stderr.tail(bytes),
    get pid() {
      return child?.pid;
    },
  };
  return transport;
}
