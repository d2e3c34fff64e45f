import type { GetPromptResult, Prompt, Tool } from '@toolwire/client-core';
import { CliError } from '../cli-error.ts';
import type { Command, CommandContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { findItem } from '../find-item.ts';
import { attachmentsOf, formatBlock, joinTexts, rawOf } from '../output/content-block.ts';
import { openShow, type Shown } from '../output/show.ts';
import { formatToolUsage } from '../output/tool-usage.ts';
import { promptKind, type ItemKind } from '../server-items.ts';
import { resolveTargets } from '../targets.ts';
import { call } from './call.ts';
import { listing } from './listing.ts';

/** `mcp prompts list`: every prompt of every server that is meant. */
export const promptsList: Command = listing(promptKind);

/** Prompts in the shape of tools, so that they are called and explained as those are: all their arguments are texts. */
const callableKind: ItemKind<Tool> = {
  ...promptKind,
  list: async (server) => (await promptKind.list(server)).map(asTool),
  rowOf: ({ name }) => [name],
};

/** `mcp prompts show NAME`: one prompt in full. */
export async function promptsShow(context: CommandContext): Promise<ExitCode> {
  const { line, settings, io } = context;
  const [name, extra] = line.operands;
  if (name === undefined || extra !== undefined) throw new CliError('usage', 'Name one prompt: mcp prompts show NAME');
  const show = await openShow(settings, io);
  const targets = await resolveTargets({ settings, command: line.command }, io);
  const { item: prompt } = await findItem(promptKind, name, targets, context);
  await show({ value: prompt, body: formatToolUsage(asTool(prompt), 'prompts get') });
  return 0;
}

/** `mcp prompts get NAME --arg value`: the messages that a prompt makes of its arguments. */
export function promptsGet(context: CommandContext): Promise<ExitCode> {
  return call({ words: 'prompts get', kind: callableKind }, context, async ({ server, tool, settings }, args, show) => {
    const { timeoutMs } = settings;
    const texts = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, textOf(value)]));
    const result = await server.use(
      (client, onProgress) => client.getPrompt(tool.name, texts, { timeoutMs, onProgress }),
      tool.name,
    );
    await show(shownPrompt(result));
    return 0;
  });
}

function asTool({ name, title, description, arguments: args = [] }: Prompt): Tool {
  const properties = args.map(
    (arg) =>
      [arg.name, { type: 'string', ...(arg.description !== undefined && { description: arg.description }) }] as const,
  );
  const required = args.filter((arg) => arg.required === true).map((arg) => arg.name);
  const inputSchema = { type: 'object' as const, properties: Object.fromEntries(properties), required };
  return {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    inputSchema: { ...inputSchema, additionalProperties: false },
  };
}

/** What `--input` gave as a number, say, goes out as the text that the protocol wants. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function shownPrompt(result: GetPromptResult): Shown {
  const blocks = result.messages.map(({ content }) => content);
  const messages = result.messages.map(({ role, content }) => `${role}: ${formatBlock(content)}`);
  return {
    value: result,
    body: joinTexts(messages),
    lines: result.messages,
    raw: () => rawOf(blocks),
    attachments: attachmentsOf(blocks),
  };
}
