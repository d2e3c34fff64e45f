import { McpError } from '@toolwire/client-core';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import type { Show } from '../output/show.ts';
import type { Call } from '../read-call.ts';
import { cancelTask } from './requests.ts';
import { showOutcome } from './show-outcome.ts';
import { readTask, requireTasks, type Task } from './task.ts';
import { waitForTask } from './wait-for-task.ts';

/** Calls a tool as a task, and waits for it; with `--detach` prints the task instead, and leaves it running. */
export async function callAsTask(
  { server, tool, settings }: Pick<Call, 'server' | 'tool' | 'settings'>,
  args: Record<string, unknown>,
  show: Show,
  io: Io,
): Promise<ExitCode> {
  const { timeoutMs, own } = settings;
  const start = server.use(async (client): Promise<Task> => {
    await requireTasks(client);
    const { taskSupport = 'forbidden' } = tool.execution ?? {};
    if (taskSupport === 'forbidden')
      throw new McpError('unsupported-capability', `${tool.name} cannot be called as a task`, { delivered: 'no' });
    const result = await client.request('tools/call', { name: tool.name, arguments: args, task: {} }, { timeoutMs });
    return readTask(result['task']);
  }, tool.name);
  const task = await start;
  if (own.has('detach')) {
    const text = `${sanitizeLine(task.taskId)}\n`;
    await show({ value: { task }, body: text, data: task, raw: () => task.taskId });
    return 0;
  }
  const outcome = await server.use(async (client, onProgress) => {
    const cancel = (): void => void cancelTask(client, task.taskId).catch(() => undefined); // Nobody waits for an answer.
    io.interrupted?.addEventListener('abort', cancel, { once: true });
    try {
      return await waitForTask(client, task, { onProgress, timeoutMs, signal: io.interrupted });
    } finally {
      io.interrupted?.removeEventListener('abort', cancel);
    }
  }, tool.name);
  return showOutcome(outcome, show, io);
}
