import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  InMemoryTaskMessageQueue,
  InMemoryTaskStore,
  type ToolTaskHandler,
} from '@modelcontextprotocol/sdk/experimental/tasks';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

/** A server on the official SDK whose tasks outlive the sessions of its callers. */
export interface TaskServer extends AsyncDisposable {
  readonly url: string;
  /** Ends the work on every task that is under way. */
  finish(): void;
  /** What became of each task, in the order of their calls. */
  statuses(): Promise<readonly string[]>;
}

const inputSchema = { topic: z.string() };

/** Starts a server with a tool for each way a task can go: `report`, `fails`; and `plain`, which cannot be a task. */
export async function startTaskServer(): Promise<TaskServer> {
  const taskStore = new InMemoryTaskStore();
  const taskMessageQueue = new InMemoryTaskMessageQueue();
  const work: (() => void)[] = [];
  const ids: string[] = [];

  function newServer(): McpServer {
    const capabilities = { tools: {}, tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } };
    const server = new McpServer({ name: 'tasks', version: '1.0.0' }, { capabilities, taskStore, taskMessageQueue });
    server.registerTool('plain', {}, () => ({ content: [{ type: 'text', text: 'done at once' }] }));
    for (const isError of [false, true]) {
      const handler: ToolTaskHandler<typeof inputSchema> = {
        createTask: async ({ topic }, extra) => {
          const task = await extra.taskStore.createTask({ ttl: 60_000, pollInterval: 50 });
          ids.push(task.taskId);
          await extra.taskStore.updateTaskStatus(task.taskId, 'working', `reading about ${topic}`);
          const result = { content: [{ type: 'text' as const, text: `all about ${topic}` }], isError };
          work.push(
            () => void taskStore.storeTaskResult(task.taskId, isError ? 'failed' : 'completed', result).catch(() => {}), // It may be cancelled.
          );
          return { task };
        },
        getTask: (_args, extra) => extra.taskStore.getTask(extra.taskId),
        getTaskResult: async (_args, extra) => (await extra.taskStore.getTaskResult(extra.taskId)) as never, // As it was stored.
      };
      const about = { inputSchema, execution: { taskSupport: 'optional' as const } };
      server.experimental.tasks.registerToolTask(isError ? 'fails' : 'report', about, handler);
    }
    return server;
  }

  const http = createServer((request, response) => {
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    void newServer()
      .connect(transport as never) // Its types know nothing of exact optional properties.
      .then(() => transport.handleRequest(request, response));
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, // It listens on a port.
    finish: () => {
      for (const end of work.splice(0)) end();
    },
    statuses: async () => {
      const tasks = await Promise.all(ids.map(async (id) => taskStore.getTask(id)));
      return tasks.map((task) => task?.status ?? 'gone');
    },
    [Symbol.asyncDispose]: async () => {
      taskStore.cleanup();
      http.close().closeAllConnections();
    },
  };
}
