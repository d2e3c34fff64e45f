import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { McpClient, type ClientOptions, type StdioServerConfig } from '@toolwire/client-core';
import { expect } from 'vitest';

/** The stdio command of the server whose tools are faults; `args` name a fault of the whole process. */
export function faultServer(...args: readonly string[]): StdioServerConfig {
  return { command: process.execPath, args: [fileURLToPath(new URL('fault-server.mjs', import.meta.url)), ...args] };
}

/** A client of a server of the legacy era, which it does not ask for its revisions. */
export function legacyClient(target: StdioServerConfig | string, options: ClientOptions = {}): McpClient {
  return new McpClient(target, { protocolVersion: '2025-11-25', closeGraceMs: 300, ...options });
}

/** Calls a tool that answers with a process id. */
export async function pidFrom(client: McpClient, tool: 'pid' | 'start_descendant' | 'stop_reading'): Promise<number> {
  return Number((await client.callTool(tool)).text());
}

/** What a promise rejects with, watched from now on. */
export function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('it did not reject')),
    (error: unknown) => error,
  );
}

/** The bound of a row, in milliseconds, as far as a busy machine lets it be kept. */
export function withSlack(milliseconds: number): number {
  return 3 * milliseconds + 500;
}

/** Settles as `promise` does, and fails when that takes longer than the bound of its row. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const value = await promise;
  expect(performance.now() - startedAt).toBeLessThan(withSlack(milliseconds));
  return value;
}

/** False also for a process that has ended and waits for the system to collect it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/stat`;
  return !existsSync(status) || !/\) Z /.test(readFileSync(status, 'utf8'));
}
