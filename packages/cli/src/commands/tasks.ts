import { CliError } from '../cli-error.ts';
import type { Command, CommandContext } from '../context.ts';
import { openShow, type Show } from '../output/show.ts';
import { safeJson, sanitizeLine } from '../output/sanitize.ts';
import type { ItemKind } from '../server-items.ts';
import type { OpenServer } from '../servers.ts';
import { resolveTargets } from '../targets.ts';
import { cancelTask, getTask, listTasks } from '../tasks/requests.ts';
import { showOutcome } from '../tasks/show-outcome.ts';
import { requireTasks, sayStatus, type Task } from '../tasks/task.ts';
import { resultOf, waitForTask } from '../tasks/wait-for-task.ts';
import { listing } from './listing.ts';

const taskKind: ItemKind<Task> = {
  word: 'task',
  plural: 'tasks',
  key: 'tasks',
  head: ['Task', 'Status', 'Created'],
  list: (server) =>
    server.use(async (client) => {
      await requireTasks(client, 'list');
      return listTasks(client);
    }),
  nameOf: ({ taskId }) => taskId,
  rowOf: (task) => [task.taskId, sayStatus(task), task.createdAt ?? ''],
};

/** `mcp tasks list`: what servers work on, or have worked on. */
export const tasksList: Command = listing(taskKind);

/** `mcp tasks get ID`: how far a task is. */
export const tasksGet: Command = async (context) => {
  const { server, taskId, show } = await readTaskLine(context);
  const task = await server.use(async (client) => {
    await requireTasks(client);
    return getTask(client, taskId);
  }, taskId);
  await showTask(task, show);
  return 0;
};

/** `mcp tasks cancel ID`: ends a task before it is done. */
export const tasksCancel: Command = async (context) => {
  const { server, taskId, show } = await readTaskLine(context);
  const task = await server.use(async (client) => {
    await requireTasks(client, 'cancel');
    return cancelTask(client, taskId);
  }, taskId);
  await showTask(task, show);
  return 0;
};

/** `mcp tasks result ID`: what came of a task that has ended. */
export const tasksResult: Command = async (context) => {
  const { server, taskId, show } = await readTaskLine(context);
  const outcome = await server.use(async (client) => {
    await requireTasks(client);
    const task = await getTask(client, taskId);
    if (task.status === 'working' || task.status === 'input_required')
      throw new CliError('nothing-found', `The task is still ${sayStatus(task)}`, `mcp tasks wait ${taskId}`);
    return { task, result: task.status === 'cancelled' ? undefined : await resultOf(client, task, undefined) };
  }, taskId);
  return showOutcome(outcome, show, context.io);
};

/** `mcp tasks wait ID`: the same, once it has ended. */
export const tasksWait: Command = async (context) => {
  const { io, settings } = context;
  const { server, taskId, show } = await readTaskLine(context);
  const { timeoutMs } = settings;
  const outcome = await server.use(async (client, onProgress) => {
    await requireTasks(client);
    return waitForTask(client, await getTask(client, taskId), { onProgress, timeoutMs, signal: io.interrupted });
  }, taskId);
  return showOutcome(outcome, show, io);
};

interface TaskLine {
  readonly server: OpenServer;
  readonly taskId: string;
  readonly show: Show;
}

async function readTaskLine({ line, settings, servers, io }: CommandContext): Promise<TaskLine> {
  const [taskId, extra] = line.operands;
  const words = `mcp ${line.words.join(' ')}`;
  if (taskId === undefined || extra !== undefined) throw new CliError('usage', `Name one task: ${words} ID -s SERVER`);
  const show = await openShow(settings, io);
  const [target, ...others] = await resolveTargets({ settings, command: line.command }, io);
  if (target === undefined || others.length > 0)
    throw new CliError('usage', 'A task belongs to one server: name it with -s', `${words} ${taskId} -s SERVER`);
  return { server: servers.open(target, settings), taskId, show };
}

async function showTask(task: Task, show: Show): Promise<void> {
  await show({ value: task, body: `${sanitizeLine(task.taskId)}  ${sayStatus(task)}\n`, raw: () => safeJson(task, 0) });
}
