import type {
  ChatCompletion,
  ChatCompletionMessageParam,
  ChatCompletionMessageToolCall,
} from 'openai/resources/chat/completions';
import type { ResponseInputItem, ResponseOutputItem } from 'openai/resources/responses/responses';
import type { BridgeOptions, RunOptions, ToolSource } from './bridge-options.ts';
import {
  loadCatalog,
  reportOf,
  toolKey,
  withoutRejected,
  type BridgeReport,
  type Catalog,
  type CatalogTool,
} from './catalog.ts';
import { callsOf, chatWire } from './chat-wire.ts';
import { emitting } from './emitting.ts';
import type { BridgeEvent, RunResult } from './events.ts';
import type { ChatClient, ChatParams, ModelResponse, ResponsesClient, ResponsesParams } from './model-client.ts';
import { expandParallelCalls } from './parallel-calls.ts';
import { functionCalls, responsesWire } from './responses-wire.ts';
import { toChatMessages, toFunctionCallOutputs } from './results.ts';
import { resultsOf, runCalls } from './run-calls.ts';
import { runLoop, type Wire } from './run-loop.ts';
import { openToolbox, type Toolbox } from './toolbox.ts';
import type { ModelCall, OpenAIApi, OpenAIFunctionTool } from './types.ts';

/** What came of a run over Chat Completions; its transcript holds `messages`. */
export type ChatResult = RunResult<ChatCompletion, ChatCompletionMessageParam>;

/** What came of a run over the Responses API; its transcript holds `input` items. */
export type ResponsesResult = RunResult<ModelResponse, ResponseInputItem>;

/** MCP tools for OpenAI's models. */
export interface Bridge {
  /** All tools, for a request of your own. */
  tools<Api extends OpenAIApi>(api: Api, options?: Pick<RunOptions, 'signal'>): Promise<OpenAIFunctionTool<Api>[]>;
  /**
   * Makes the calls of an answer, `message.tool_calls` of Chat or `response.output`, and returns what answers them in the
   * next request. Calls of functions that are not the bridge's are answered too: leave yours out.
   */
  execute(calls: readonly ChatCompletionMessageToolCall[], options?: RunOptions): Promise<ChatCompletionMessageParam[]>;
  execute(output: readonly ResponseOutputItem[], options?: RunOptions): Promise<ResponseInputItem[]>;
  /** Runs the model and its tools to the end, over Chat Completions. */
  chat(openai: ChatClient, params: ChatParams, options?: RunOptions): Promise<ChatResult>;
  /** Runs the model and its tools to the end, over the Responses API. */
  respond(openai: ResponsesClient, params: ResponsesParams, options?: RunOptions): Promise<ResponsesResult>;
  /** Like `chat`, or `respond` where the params have no `messages`; yields what happens. Leaving the loop early ends the run. */
  stream(openai: ChatClient, params: ChatParams, options?: RunOptions): AsyncGenerator<BridgeEvent<ChatResult>, void>;
  stream(
    openai: ResponsesClient,
    params: ResponsesParams,
    options?: RunOptions,
  ): AsyncGenerator<BridgeEvent<ResponsesResult>, void>;
  /** What became of the tools the last time that they were listed; undefined before. */
  report(): BridgeReport | undefined;
}

/** How one run is watched and ended. */
interface RunContext {
  readonly isStreaming: boolean;
  readonly signal: AbortSignal;
  readonly emit: (event: BridgeEvent<never>) => void;
  readonly settings: RunOptions;
}

/** Joins the tools of a client, a hub, a gateway, or of several servers by name, with OpenAI's models. */
export function createBridge(source: ToolSource, options: BridgeOptions = {}): Bridge {
  const catalogs: { [Api in OpenAIApi]?: Catalog<Api> } = {};
  /** Why the API did not take a tool, by the tool as its server describes it. */
  const rejected = new Map<string, string>();
  let latest: Catalog | undefined;
  const { results = {} } = options;

  async function load<Api extends OpenAIApi>(api: Api, signal?: AbortSignal): Promise<Catalog<Api>> {
    const previous: Catalog<Api> | undefined = catalogs[api];
    const catalog = withoutRejected(await loadCatalog(source, api, options, { previous, signal }), rejected);
    Object.assign(catalogs, { [api]: catalog });
    latest = catalog;
    return catalog;
  }

  async function run<Api extends OpenAIApi, Answer, Item>(
    api: Api,
    model: string | undefined,
    openWire: (toolbox: Toolbox<Api>) => Wire<Api, Answer, Item>,
    context: RunContext,
  ): Promise<RunResult<Answer, Item>> {
    const catalog = await load(api, context.signal);
    const toolbox = openToolbox(catalog.tools, { ...options, api, model: model ?? '' });
    const wire = openWire(toolbox);
    // Two functions of one name would fail the request: the caller's own comes first.
    for (const { name } of catalog.tools) if (wire.isForeign(name)) toolbox.remove(name);
    function onRejected(entry: CatalogTool, reason: string): void {
      rejected.set(toolKey(entry), reason);
      latest = withoutRejected(catalog, rejected);
    }
    return runLoop(wire, { ...context, toolbox, onRejected });
  }

  function runChat(openai: ChatClient, params: ChatParams, context: RunContext): Promise<ChatResult> {
    const wireOptions = { ...context, results };
    return run('chat', params.model, (toolbox) => chatWire(openai, params, toolbox, wireOptions), context);
  }

  function runResponses(
    openai: ResponsesClient,
    params: ResponsesParams,
    context: RunContext,
  ): Promise<ResponsesResult> {
    const wireOptions = { ...context, results };
    return run('responses', params.model, (toolbox) => responsesWire(openai, params, toolbox, wireOptions), context);
  }

  function contextOf({ signal, ...settings }: RunOptions): RunContext {
    const own = signal ?? new AbortController().signal;
    return { isStreaming: false, signal: own, emit: () => {}, settings: { ...options, ...settings } };
  }

  async function* stream(
    openai: ChatClient | ResponsesClient,
    params: ChatParams | ResponsesParams,
    runOptions: RunOptions = {},
  ): AsyncGenerator<BridgeEvent<ChatResult | ResponsesResult>, void> {
    const context = contextOf(runOptions);
    yield* emitting<BridgeEvent<ChatResult | ResponsesResult>>(async (emit, abandoned) => {
      const signal = AbortSignal.any([context.signal, abandoned]);
      const streaming = { ...context, isStreaming: true, signal, emit };
      // The overloads of `stream` pair each kind of params with its client.
      const result =
        'messages' in params
          ? await runChat(openai as ChatClient, params, streaming)
          : await runResponses(openai as ResponsesClient, params, streaming);
      emit({ type: 'done', result });
    });
  }

  async function execute(
    answer: readonly (ChatCompletionMessageToolCall | ResponseOutputItem)[],
    runOptions: RunOptions = {},
  ): Promise<(ChatCompletionMessageParam | ResponseInputItem)[]> {
    const chatCalls = answer.filter((call) => 'function' in call);
    const api = chatCalls.length > 0 ? 'chat' : 'responses';
    const asked: readonly ModelCall[] =
      api === 'chat' ? callsOf({ tool_calls: chatCalls }) : functionCalls(answer as readonly ResponseOutputItem[]);
    if (asked.length === 0) return [];
    const context = contextOf(runOptions);
    const { tools } = catalogs[api] ?? (await load(api, context.signal));
    const toolbox = openToolbox<OpenAIApi>(tools, { search: 'off', api, model: '' });
    const calls = expandParallelCalls(asked, (name) => toolbox.find(name) !== undefined);
    const made = resultsOf(calls, await runCalls(calls, { ...context, toolbox }));
    return api === 'chat' ? toChatMessages(made, results) : toFunctionCallOutputs(made, results);
  }

  return {
    async tools(api, { signal } = {}) {
      const { tools } = await load(api, signal);
      return tools.map(({ converted }) => converted.tool);
    },
    // What overloads promise cannot be told from the parameters' own types.
    execute: execute as Bridge['execute'],
    chat: (openai, params, runOptions = {}) => runChat(openai, params, contextOf(runOptions)),
    respond: (openai, params, runOptions = {}) => runResponses(openai, params, contextOf(runOptions)),
    stream: stream as Bridge['stream'],
    report: () => latest && reportOf(latest),
  };
}
