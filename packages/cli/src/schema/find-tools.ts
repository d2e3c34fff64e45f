import type { Tool } from '@toolwire/client-core';
import { isObject } from '../arguments/schema.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../context.ts';
import { resolveTargets, type ServerTarget } from '../targets.ts';
import { readJson } from './lock-file.ts';

/** Tools, and where they are from. */
export interface NamedTools {
  readonly name: string;
  readonly tools: readonly Tool[];
  readonly isFile?: boolean;
}

/** The one server that is meant. */
export async function findServer(
  names: readonly string[],
  { line, settings, io }: CommandContext,
): Promise<ServerTarget> {
  const [target, ...others] = await resolveTargets({ settings, names, command: line.command }, io);
  if (target === undefined || others.length > 0)
    throw new CliError('usage', 'Name one server', `See mcp ${line.words.join(' ')} --help`);
  return target;
}

/** The tools of the one server that is meant. */
export async function toolsOfServer(names: readonly string[], context: CommandContext): Promise<NamedTools> {
  const target = await findServer(names, context);
  return { name: target.name, tools: await context.servers.open(target, context.settings).listTools() };
}

/** The tools of a file that holds some, such as one of `mcp schema save` or of `mcp tools list --json`. */
export async function toolsOfFile(file: string, { io }: CommandContext): Promise<NamedTools | undefined> {
  const content = await readJson(file, io).catch((error: unknown) => {
    if (file.endsWith('.json')) throw error;
    return undefined; // A folder, say, that is called like a server.
  });
  const tools = isObject(content) ? content['tools'] : undefined;
  return Array.isArray(tools) && tools.every(isTool) ? { name: file, tools, isFile: true } : undefined;
}

function isTool(value: unknown): value is Tool {
  return isObject(value) && typeof value['name'] === 'string';
}
