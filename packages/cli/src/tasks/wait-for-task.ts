import { McpError, ToolResult, type McpClient, type Progress } from '@toolwire/client-core';
import { getTask } from './requests.ts';
import { hasEnded, sayStatus, type Task } from './task.ts';

/** How a task is waited for. */
export interface Waiting {
  /** Told how far it is. */
  readonly onProgress?: (progress: Progress) => void;
  /** Gives up after this long; the task goes on. Default: never, as long as the server answers. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a task has ended; a cancelled one has no result. */
export interface TaskOutcome {
  readonly task: Task;
  readonly result: ToolResult | undefined;
}

const usualPollMs = 1_000;
const [leastPollMs, mostPollMs] = [100, 10_000];
/** A question of the server waits for a person. */
const personMs = 600_000;

/** Looks at a task as often as its server wants until it has ended, and gets its result. */
export async function waitForTask(client: McpClient, first: Task, waiting: Waiting): Promise<TaskOutcome> {
  const { onProgress, timeoutMs, signal } = waiting;
  const { setTimeout: sleep } = process.getBuiltinModule('node:timers/promises');
  const giveUpAt = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs;
  let task = first;
  for (let looks = 1; !hasEnded(task); looks++) {
    onProgress?.({ progress: looks, message: sayStatus(task) });
    // What a server asks about a task, it asks on the stream of its result.
    if (task.status === 'input_required') await resultOf(client, task, signal);
    else await sleep(pollMs(task), undefined, signal === undefined ? {} : { signal });
    if (Date.now() > giveUpAt)
      throw new McpError('timeout', `Task ${task.taskId} is still ${sayStatus(task)}; it goes on`, {
        delivered: 'yes',
      });
    task = await getTask(client, task.taskId);
  }
  return { task, result: task.status === 'cancelled' ? undefined : await resultOf(client, task, signal) };
}

/** The result of a task: at once when it has ended. */
export async function resultOf(
  client: McpClient,
  { taskId }: Pick<Task, 'taskId'>,
  signal: AbortSignal | undefined,
): Promise<ToolResult> {
  const result = await client.request('tasks/result', { taskId }, { timeoutMs: personMs, signal });
  const { content } = result;
  // Only tools can be called as tasks: this is what one answers.
  return new ToolResult({ ...result, content: Array.isArray(content) ? content : [] });
}

function pollMs({ pollInterval = usualPollMs }: Task): number {
  return Math.min(Math.max(pollInterval, leastPollMs), mostPollMs);
}
