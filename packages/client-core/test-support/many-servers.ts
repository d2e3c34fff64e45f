import type { ToolResult } from '../src/content.ts';
import { McpError } from '../src/errors.ts';
import type { HubOptions, HubServer } from '../src/hub-options.ts';
import { McpHub } from '../src/hub.ts';
import { scriptedServer, type Script, type ScriptedServer } from './scripted-server.ts';

const hubs: McpHub[] = [];

/** Ends every hub that a test has made. */
export async function closeHubs(): Promise<void> {
  await Promise.all(hubs.splice(0).map((hub) => hub.close()));
}

export function hubOf(servers: Record<string, ScriptedServer | HubServer>, options: HubOptions = {}): McpHub {
  const targets = Object.entries(servers).map(([name, server]) => [name, isScripted(server) ? server.open : server]);
  const hub = new McpHub(Object.fromEntries(targets) as Record<string, HubServer>, options);
  hubs.push(hub);
  return hub;
}

function isScripted(server: ScriptedServer | HubServer): server is ScriptedServer {
  return typeof server === 'object' && 'connections' in server;
}

/** A server with these tools, each of which answers with its server's name, its own and its arguments. */
export function toolsServer(server: string, tools: readonly string[], script: Script = {}): ScriptedServer {
  return scriptedServer({
    ...script,
    answers: {
      'tools/list': () => ({ tools: tools.map((name) => ({ name, inputSchema: { type: 'object' } })) }),
      'tools/call': ({ name, arguments: args }) => ({
        content: [{ type: 'text', text: `${server}: ${String(name)} ${JSON.stringify(args)}` }],
      }),
      ...script.answers,
    },
  });
}

/** What opens no connection. */
export const dead = (): never => {
  throw new McpError('connection-failed', 'Nothing listens', { delivered: 'no' });
};

export function namesOf(list: readonly { name: string }[]): string[] {
  return list.map(({ name }) => name);
}

export function counted(server: ScriptedServer, method: string): number {
  return server.methods().filter((each) => each === method).length;
}

export async function textOf(call: Promise<ToolResult>): Promise<string> {
  return (await call).text();
}
