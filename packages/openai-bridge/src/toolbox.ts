import type { JsonObject } from '@toolwire/client-core';
import type { BridgeOptions } from './bridge-options.ts';
import { findByAnyName, type CatalogTool } from './catalog.ts';
import { searchTools } from './tool-search.ts';
import type { ModelCall, OpenAIApi } from './types.ts';

/** The function with which any model finds tools that it was not given. */
export interface FinderFunction {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject;
}

/** What one request offers the model. */
export interface Offer<Api extends OpenAIApi> {
  readonly direct: readonly CatalogTool<Api>[];
  /** Tools that the API's own search loads. */
  readonly deferred: readonly CatalogTool<Api>[];
  readonly finder: FinderFunction | undefined;
}

/** The tools of one run: which of them the model has been given, and which it has found. */
export interface Toolbox<Api extends OpenAIApi> {
  offer(): Offer<Api>;
  find(name: string): CatalogTool<Api> | undefined;
  /** The function that a person's name for a tool means, which is offered at once from here on. */
  pin(name: string): string;
  /** Answers a call of the finder; undefined for any other call. */
  answerFinder(call: ModelCall): string | undefined;
  /** Offers the tool no more. */
  remove(name: string): void;
}

/** What decides how tools are offered. */
export interface ToolboxOptions<Api extends OpenAIApi> extends Pick<BridgeOptions, 'search' | 'searchAbove'> {
  readonly api: Api;
  readonly model: string;
}

const maxFound = 8;

/** Opens the tools of one run: all of them are offered, or the model searches for them. */
export function openToolbox<Api extends OpenAIApi>(
  catalog: readonly CatalogTool<Api>[],
  options: ToolboxOptions<Api>,
): Toolbox<Api> {
  const tools = new Map(catalog.map((entry) => [entry.name, entry]));
  const search = searchKind(options, tools.size);
  const given = new Set<string>();
  const finder = search === 'client' ? finderFunction(catalog) : undefined;

  function offer(): Offer<Api> {
    const all = [...tools.values()];
    if (search === 'none') return { direct: all, deferred: [], finder };
    const direct = all.filter(({ name }) => given.has(name));
    const deferred = search === 'hosted' ? all.filter(({ name }) => !given.has(name)) : [];
    return { direct, deferred, finder };
  }

  function pin(name: string): string {
    const found = findByAnyName(catalog, name)?.name ?? name;
    given.add(found);
    return found;
  }

  function answerFinder(call: ModelCall): string | undefined {
    if (finder === undefined || call.name !== finder.name) return undefined;
    const found = searchTools([...tools.values()], queryOf(call.arguments), maxFound);
    for (const { name } of found) given.add(name);
    if (found.length === 0) return 'No tool fits. Try other words, or go on without.';
    const lines = found.map(({ name, tool }) => `${name}: ${firstLine(tool.description ?? tool.title ?? '')}`);
    return `You can call these now:\n${lines.join('\n')}`;
  }

  return { offer, find: (name) => tools.get(name), pin, answerFinder, remove: (name) => void tools.delete(name) };
}

function searchKind(
  { search = 'auto', searchAbove = 40, api, model }: ToolboxOptions<OpenAIApi>,
  count: number,
): 'none' | 'hosted' | 'client' {
  if (search === 'off' || (search === 'auto' && count <= searchAbove)) return 'none';
  const canHost = api === 'responses' && (search === 'hosted' || (search === 'auto' && hasToolSearch(model)));
  return canHost ? 'hosted' : 'client';
}

/** OpenAI's own models from gpt-5.4 on search for tools; a deployment or a model of another name may not. */
function hasToolSearch(model: string): boolean {
  const [, major = '0', minor = '0'] = /^gpt-(\d+)(?:\.(\d+))?(?:-|$)/.exec(model) ?? [];
  return Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 4);
}

function finderFunction(tools: readonly CatalogTool[]): FinderFunction {
  const names = new Set(tools.map(({ name }) => name));
  let name = 'find_tools';
  while (names.has(name)) name = `${name}_`;
  const servers = [...new Set(tools.flatMap(({ server }) => server ?? []))];
  const places = servers.length > 0 ? ` of ${servers.join(', ')}` : '';
  return {
    name,
    description: `Finds tools among the ${tools.length}${places} that you were not given. Use it first, and again whenever a tool is missing.`,
    parameters: {
      type: 'object',
      properties: { query: { type: 'string', description: 'What the tool does, in a few words' } },
      required: ['query'],
      additionalProperties: false,
    },
  };
}

function queryOf(text: string): string {
  try {
    const { query } = JSON.parse(text) as { query?: unknown };
    if (typeof query === 'string') return query;
  } catch {
    // The words are there, whatever surrounds them.
  }
  return text;
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
