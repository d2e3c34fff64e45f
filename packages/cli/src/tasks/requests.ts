import type { McpClient } from '@toolwire/client-core';
import { readTask, type Task } from './task.ts';

const mostPages = 1_000;

/** Every task that a server tells of. */
export async function listTasks(client: McpClient): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  let cursor: unknown;
  for (let page = 0; page < mostPages; page++) {
    const result = await client.request('tasks/list', cursor === undefined ? {} : { cursor });
    const { tasks: found, nextCursor } = result;
    tasks.push(...(Array.isArray(found) ? found.map(readTask) : []));
    if (nextCursor === undefined || nextCursor === null || nextCursor === cursor) break;
    cursor = nextCursor;
  }
  return tasks;
}

/** How far a task is. */
export async function getTask(client: McpClient, taskId: string): Promise<Task> {
  return readTask(await client.request('tasks/get', { taskId }));
}

/** Ends a task before it is done. */
export async function cancelTask(client: McpClient, taskId: string): Promise<Task> {
  return readTask(await client.request('tasks/cancel', { taskId }));
}
