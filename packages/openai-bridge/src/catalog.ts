import type { Tool, ToolCaller } from '@toolwire/client-core';
import type { CatalogOptions, ToolSource } from './bridge-options.ts';
import { checkOpenAITool } from './check-openai-tool.ts';
import { nameTools, type NameCollision } from './names.ts';
import { toOpenAITool } from './to-openai-tool.ts';
import type { ConvertedTool, Loss, OpenAIApi, ToOpenAIToolOptions } from './types.ts';

/** A tool on its way to the model: where it is, what it is called there, and how its arguments come back. */
export interface CatalogTool<Api extends OpenAIApi = OpenAIApi> {
  readonly server?: string;
  readonly tool: Tool;
  readonly caller: ToolCaller;
  /** The function's name. */
  readonly name: string;
  readonly converted: ConvertedTool<Api>;
}

/** A tool that was left out, so that the others can be used. */
export interface QuarantinedTool {
  readonly server: string | undefined;
  readonly tool: string;
  readonly reason: string;
}

/** What became of the tools the last time that they were listed. */
export interface BridgeReport {
  readonly tools: readonly {
    readonly server: string | undefined;
    readonly tool: string;
    /** The function's name. */
    readonly name: string;
    readonly strict: boolean;
    readonly losses: readonly Loss[];
  }[];
  readonly quarantined: readonly QuarantinedTool[];
  /** Servers that could not be asked for their tools. */
  readonly failed: readonly { readonly server: string; readonly error: unknown }[];
  readonly collisions: readonly NameCollision[];
}

/** The tools of all servers, converted. */
export interface Catalog<Api extends OpenAIApi = OpenAIApi> {
  readonly tools: readonly CatalogTool<Api>[];
  readonly quarantined: readonly QuarantinedTool[];
  readonly failed: BridgeReport['failed'];
  readonly collisions: readonly NameCollision[];
}

/**
 * Lists and converts the tools of `source`; what `previous` holds is not converted again. A dead server or a bad tool harms
 * no other; throws when no server answers.
 */
export async function loadCatalog<Api extends OpenAIApi>(
  source: ToolSource,
  api: Api,
  options: CatalogOptions,
  { previous, signal }: { previous?: Catalog<Api> | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Catalog<Api>> {
  const { filter = () => true } = options;
  const { listed, failed } = await listTools(source, signal);
  const wanted = listed.filter(({ tool, server }) => filter(tool, server));
  const names = nameTools(wanted);
  const known = new Map(previous?.tools.map((entry) => [entry.name + toolKey(entry), entry.converted]));
  const tools: CatalogTool<Api>[] = [];
  const quarantined: QuarantinedTool[] = [];
  for (const entry of wanted) {
    const name = names.nameOf(entry);
    try {
      const converted = known.get(name + toolKey(entry)) ?? convert(entry.tool, { ...options, api, name });
      tools.push({ ...entry, name, converted });
    } catch (error) {
      quarantined.push(quarantine(entry, error instanceof Error ? error.message : String(error)));
    }
  }
  return { tools, quarantined, failed, collisions: names.collisions };
}

/** Throws for a tool of which no conversion comes out that the API takes. */
function convert<Api extends OpenAIApi>(tool: Tool, options: ToOpenAIToolOptions<Api>): ConvertedTool<Api> {
  const converted = toOpenAITool(tool, options);
  const [violation] = checkOpenAITool(converted.tool, options);
  if (violation !== undefined) throw new TypeError(`${violation.path}: ${violation.message}`);
  return converted;
}

/** Leaves out the tools that the API did not take before; `reasons` goes by `toolKey`. */
export function withoutRejected<Api extends OpenAIApi>(
  catalog: Catalog<Api>,
  reasons: ReadonlyMap<string, string>,
): Catalog<Api> {
  if (reasons.size === 0) return catalog;
  const rejected = catalog.tools.flatMap((entry) => {
    const reason = reasons.get(toolKey(entry));
    return reason === undefined ? [] : [quarantine(entry, reason)];
  });
  const tools = catalog.tools.filter((entry) => !reasons.has(toolKey(entry)));
  return { ...catalog, tools, quarantined: [...catalog.quarantined, ...rejected] };
}

/** A tool as its server describes it: once that changes, it is another tool. */
export function toolKey({ server, tool }: Pick<CatalogTool, 'server' | 'tool'>): string {
  return JSON.stringify([server, tool]);
}

function quarantine({ server, tool }: Pick<CatalogTool, 'server' | 'tool'>, reason: string): QuarantinedTool {
  return { server, tool: tool.name, reason };
}

export function reportOf({ tools, quarantined, failed, collisions }: Catalog): BridgeReport {
  const described = tools.map(({ server, tool, name, converted: { strict, losses } }) => ({
    server,
    tool: tool.name,
    name,
    strict,
    losses,
  }));
  return { tools: described, quarantined, failed, collisions };
}

/** The tool that a person means by a function's name, by `server/tool`, or by a tool's name that only one server has. */
export function findByAnyName(tools: readonly CatalogTool[], name: string): CatalogTool | undefined {
  const exact = tools.find((entry) => entry.name === name || `${entry.server}/${entry.tool.name}` === name);
  const [only, ...others] = tools.filter(({ tool }) => tool.name === name);
  return exact ?? (others.length === 0 ? only : undefined);
}

interface ListedTool {
  readonly server?: string;
  readonly caller: ToolCaller;
  readonly tool: Tool;
}

async function listTools(
  source: ToolSource,
  signal: AbortSignal | undefined,
): Promise<{ listed: ListedTool[]; failed: { server: string; error: unknown }[] }> {
  if (isToolCaller(source)) {
    const tools = await source.listTools({ signal });
    return { listed: tools.map((tool) => ({ caller: source, tool })), failed: [] };
  }
  const failed: { server: string; error: unknown }[] = [];
  const servers = Object.entries(source);
  const lists = await Promise.all(
    servers.map(async ([server, caller]) => {
      try {
        const tools = await caller.listTools({ signal });
        return tools.map((tool) => ({ server, caller, tool }));
      } catch (error) {
        failed.push({ server, error });
        return [];
      }
    }),
  );
  signal?.throwIfAborted();
  const [first] = failed;
  if (first !== undefined && failed.length === servers.length) throw first.error;
  return { listed: lists.flat(), failed };
}

function isToolCaller(source: ToolSource): source is ToolCaller {
  return typeof source.listTools === 'function' && typeof source['callTool'] === 'function';
}
