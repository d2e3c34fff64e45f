import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { JsonObject } from '@toolwire/client-core';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';
import { proxyCommand } from './proxy-under-test.ts';

/** A host that speaks raw lines to `mcp proxy`. */
export interface RawHost {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything on stdout so far, line by line. */
  readonly lines: string[];
  stderr(): string;
  send(message: JsonObject): void;
  /** The first message that has this id. */
  answer(id: number | string): Promise<JsonObject>;
  exit(): Promise<[code: number | null, signal: string | null]>;
}

/** Starts `mcp proxy` with these arguments; it ends with the test. */
export function startRawHost(argv: readonly string[], env: Record<string, string> = {}): RawHost {
  const { command, args = [] } = proxyCommand(argv);
  const child = spawn(command, args, { env: { PATH: process.env['PATH'], ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  let errors = '';
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  return {
    child,
    lines,
    stderr: () => errors,
    send: (message) => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
    answer: (id) =>
      eventually(() => {
        const found = lines.map((line) => JSON.parse(line) as JsonObject).find((message) => message['id'] === id);
        if (found === undefined) throw new Error(`No answer to ${id} yet; stderr: ${errors}`);
        return found;
      }),
    exit: () => exited,
  };
}
