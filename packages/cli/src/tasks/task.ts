import { McpError, type McpClient } from '@toolwire/client-core';
import { isObject } from '../arguments/schema.ts';
import { sanitizeLine } from '../output/sanitize.ts';

/** A call that a server works on by itself (2025-11-25, tasks). */
export interface Task {
  readonly taskId: string;
  readonly status: string;
  readonly statusMessage?: string;
  readonly createdAt?: string;
  /** Milliseconds that the server wants between two looks. */
  readonly pollInterval?: number;
}

const ended: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/** True when nothing more will happen to a task. */
export function hasEnded({ status }: Task): boolean {
  return ended.has(status);
}

/** What a server says of a task; throws when it is none. */
export function readTask(value: unknown): Task {
  const { taskId, status, statusMessage, createdAt, pollInterval } = isObject(value) ? value : {};
  if (typeof taskId !== 'string' || typeof status !== 'string')
    throw new McpError('invalid-response', 'The server answers with a task that has no id or no status', {
      delivered: 'yes',
    });
  return {
    ...(value as object), // Checked above; what else it has is shown as it came.
    taskId,
    status,
    ...(typeof statusMessage === 'string' && { statusMessage }),
    ...(typeof createdAt === 'string' && { createdAt }),
    ...(typeof pollInterval === 'number' && { pollInterval }),
  };
}

/** How far a task is, in a few words. */
export function sayStatus({ status, statusMessage }: Task): string {
  return sanitizeLine(statusMessage === undefined ? status : `${status}: ${statusMessage}`);
}

/** Connects, and throws unless the server has tasks, and `what` of them. */
export async function requireTasks(client: McpClient, what?: 'list' | 'cancel'): Promise<void> {
  const { protocolVersion, capabilities } = await client.connect();
  const tasks: unknown = 'tasks' in capabilities ? capabilities.tasks : undefined;
  if (isObject(tasks) && (what === undefined || isObject(tasks[what]))) return;
  const isModern = protocolVersion === '2026-07-28';
  const text = isModern
    ? 'The server speaks 2026-07-28, whose tasks are an extension that mcp does not use'
    : isObject(tasks)
      ? `The server has tasks, but not the request to ${what} them`
      : 'The server has no tasks: it runs every call to its end';
  throw new McpError('unsupported-capability', text, { delivered: 'no' });
}
