import type { Tool } from '@toolwire/client-core';
import type { FunctionTool, ToolOutputFileContent, ToolOutputImage, ToolOutputText } from '@openai/agents';
import type { CatalogOptions, RunSettings, ToolSource } from './bridge-options.ts';
import { loadCatalog, type CatalogTool } from './catalog.ts';
import { readParts, type ResultPart } from './result-parts.ts';
import type { ResultOptions } from './results.ts';
import { runCalls } from './run-calls.ts';

/** Options of tools for an agent. */
export interface AgentsToolsOptions extends CatalogOptions, Pick<RunSettings, 'call'> {
  /** Which tools interrupt the run until their call is approved, as the Agents SDK does it. Default: none. */
  readonly needsApproval?: (tool: Tool, server: string | undefined) => boolean;
  readonly results?: ResultOptions;
}

/** What a tool of an agent answers. */
export type AgentsToolOutput = string | (ToolOutputText | ToolOutputImage | ToolOutputFileContent)[];

/**
 * The tools of MCP servers for `new Agent({ tools })` of `@openai/agents`: schemas that OpenAI takes, checked arguments,
 * images as images. A tool that cannot be offered is left out; a tool's failure is told to the model.
 */
export async function toAgentsTools(
  source: ToolSource,
  options: AgentsToolsOptions = {},
): Promise<FunctionTool<unknown, never, AgentsToolOutput>[]> {
  const { tools } = await loadCatalog(source, 'responses', options);
  return tools.map((entry) => toAgentsTool(entry, options));
}

function toAgentsTool(
  entry: CatalogTool<'responses'>,
  { needsApproval = () => false, call = {}, results = {} }: AgentsToolsOptions,
): FunctionTool<unknown, never, AgentsToolOutput> {
  const { name, description = '', parameters, strict } = entry.converted.tool;
  const toolbox = { find: () => entry, answerFinder: () => undefined };
  return {
    type: 'function',
    name,
    description,
    // A tool's own schema, converted: what the SDK's type wants is checked by the conversion.
    parameters: parameters as FunctionTool['parameters'],
    strict,
    needsApproval: () => Promise.resolve(needsApproval(entry.tool, entry.server)),
    isEnabled: () => Promise.resolve(true),
    async invoke(_context, input, details) {
      const signal = details?.signal ?? new AbortController().signal;
      const id = details?.toolCall?.callId ?? name;
      const [run] = await runCalls([{ id, name, arguments: input }], {
        toolbox,
        settings: { call },
        signal,
        emit: () => {},
      });
      const result = run?.result ?? '';
      return typeof result === 'string' ? result : toOutput(readParts(result, { ...results, audio: false }));
    },
  };
}

function toOutput(parts: readonly ResultPart[]): AgentsToolOutput {
  if (parts.every((part) => typeof part === 'string')) return parts.join('\n');
  return parts.map((part) => {
    if (typeof part === 'string') return { type: 'text', text: part };
    const { mimeType: mediaType, data } = part;
    if (part.kind === 'image') return { type: 'image', image: { data, mediaType } };
    return { type: 'file', file: { data, mediaType, filename: part.kind === 'file' ? part.filename : 'sound' } };
  });
}
