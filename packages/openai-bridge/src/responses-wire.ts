import type {
  NamespaceTool,
  ResponseFunctionToolCall,
  ResponseInputItem,
  ResponseOutputItem,
  ResponseStreamEvent,
  Tool,
} from 'openai/resources/responses/responses';
import type { CatalogTool } from './catalog.ts';
import type { WireOptions } from './chat-wire.ts';
import { ModelAnswerError } from './errors.ts';
import type { ModelResponse, ResponsesClient, ResponsesParams } from './model-client.ts';
import { legalName } from './names.ts';
import { readResponseStream } from './responses-stream.ts';
import { toFunctionCallOutputs } from './results.ts';
import type { AskContext, Turn, Wire } from './run-loop.ts';
import { toolChoice } from './tool-choice.ts';
import type { Offer, Toolbox } from './toolbox.ts';
import type { ModelCall } from './types.ts';

/** Speaks the Responses API. Each request brings the whole conversation, so that the API need not keep it. */
export function responsesWire(
  client: ResponsesClient,
  params: ResponsesParams,
  toolbox: Pick<Toolbox<'responses'>, 'pin'>,
  { isStreaming, results }: WireOptions,
): Wire<'responses', ModelResponse, ResponseInputItem> {
  const { input = [], tools: foreign = [], tool_choice: wanted, ...settings } = params;
  const start: ResponseInputItem[] = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  const choice = toolChoice(wanted, toolbox.pin);
  const foreignNames = new Set(foreign.flatMap(namesIn));
  for (const item of start) if (item.type === 'function_call' && !item.namespace) toolbox.pin(item.name);
  /** How much of the conversation the API has kept: it does so only where the caller gave a `conversation`. */
  let kept = 0;

  async function ask(
    transcript: readonly ResponseInputItem[],
    offer: Offer<'responses'>,
    { signal, emit, isFirst }: AskContext,
  ): Promise<Turn<ModelResponse, ResponseInputItem>> {
    const tools = [...foreign, ...offerTools(offer)];
    // Models that search for tools do better with one call at a time.
    const sequential = offer.deferred.length > 0 ? { parallel_tool_calls: false } : {};
    const toolSettings = tools.length === 0 ? {} : { ...sequential, tools, ...choice(isFirst) };
    const body = { ...toolSettings, ...settings, input: transcript.slice(kept), stream: isStreaming };
    // The client's own types are those of its version; what it sends, and gets, is the API's.
    const answered = await client.responses.create(body as never, { signal } as never);
    const answer = isStreaming
      ? await readResponseStream(answered as AsyncIterable<ResponseStreamEvent>, { signal, emit })
      : (answered as ModelResponse);
    const turn = readTurn(answer, settings.store !== false);
    if (params.conversation) kept = transcript.length + turn.items.length;
    return turn;
  }

  return {
    start,
    ask,
    answer: (made) => toFunctionCallOutputs(made, results),
    isForeign: (name) => foreignNames.has(name),
  };
}

function offerTools({ direct, deferred, finder }: Offer<'responses'>): Tool[] {
  const tools: Tool[] = direct.map(({ converted }) => converted.tool);
  if (finder !== undefined) tools.push({ type: 'function', ...finder, strict: true });
  return deferred.length === 0 ? tools : [...tools, { type: 'tool_search' }, ...namespaces(deferred)];
}

const maxNamespaceDescription = 1000;

/** The model sees a namespace's name and description, and searches for what is in it. */
function namespaces(tools: readonly CatalogTool<'responses'>[]): NamespaceTool[] {
  const groups = new Map<string, CatalogTool<'responses'>[]>();
  for (const entry of tools) {
    // Of a hub's tools the part before the slash is the server: only a heading, nothing is called by it.
    const place = legalName(entry.server ?? /^([^/]+)\//.exec(entry.tool.name)?.[1] ?? 'tools');
    groups.set(place, [...(groups.get(place) ?? []), entry]);
  }
  return [...groups].map(([name, entries]) => ({
    type: 'namespace',
    name,
    description: `Tools: ${entries.map(({ tool }) => tool.name).join(', ')}`.slice(0, maxNamespaceDescription),
    tools: entries.map(({ converted }) => ({ ...converted.tool, defer_loading: true })),
  }));
}

function readTurn(answer: ModelResponse, isStored: boolean): Turn<ModelResponse, ResponseInputItem> {
  const { output, status, error, incomplete_details: incomplete, usage } = answer;
  if (status === 'failed' || status === 'cancelled' || !Array.isArray(output)) {
    throw new ModelAnswerError(`The model has failed: ${error?.message ?? status ?? 'its answer has no output'}`);
  }
  const parts = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  // Reasoning that leads to nothing, since the answer was cut, is not taken back.
  const said = output.slice(0, output.findLastIndex(({ type }) => type !== 'reasoning') + 1);
  const isFiltered = incomplete?.reason === 'content_filter';
  return {
    answer,
    items: isStored ? said.map(toInput) : said.flatMap(toUnstoredInput),
    text: parts.map((part) => (part.type === 'output_text' ? part.text : '')).join(''),
    refusal: parts.map((part) => (part.type === 'refusal' ? part.refusal : '')).join(''),
    calls: functionCalls(output),
    awaitsCaller: output.some(({ type }) => callersItems.has(type)),
    cut: status === 'incomplete' ? (isFiltered ? 'content-filter' : 'length') : undefined,
    usage: { input: usage?.input_tokens ?? 0, output: usage?.output_tokens ?? 0 },
  };
}

/** What only the caller can answer, with tools that the bridge knows nothing of. */
const callersItems: ReadonlySet<string> = new Set([
  'custom_tool_call',
  'computer_call',
  'local_shell_call',
  'apply_patch_call',
  'mcp_approval_request',
]);

function namesIn(tool: Tool): string[] {
  if (tool.type === 'namespace') return tool.tools.map(({ name }) => name);
  return tool.type === 'function' ? [tool.name] : [];
}

/** The calls of functions among the items of an answer. */
export function functionCalls(output: readonly (ResponseOutputItem | ResponseInputItem)[]): ModelCall[] {
  return output
    .filter((item): item is ResponseFunctionToolCall => item.type === 'function_call')
    .map(({ call_id: id, name, arguments: text }) => ({ id, name, arguments: text }));
}

/** The API takes its own items back, with all that is in them: a call without its `namespace` is refused. */
function toInput(item: ResponseOutputItem): ResponseInputItem {
  return item as ResponseInputItem;
}

/** What was not stored cannot be referred to: neither by an id, nor as reasoning that is not in the item itself. */
function toUnstoredInput(item: ResponseOutputItem): ResponseInputItem[] {
  if (item.type === 'reasoning') return item.encrypted_content ? [item] : [];
  const { id: _id, ...content } = toInput(item) as { id?: string };
  return [content as ResponseInputItem];
}
