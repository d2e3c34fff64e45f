import { createBridge, type BridgeOptions, type RunResult, type ToolSource } from '@toolwire/openai-bridge';
import OpenAI from 'openai';
import { onTestFinished } from 'vitest';
import { scripted, startOpenAI, type Model, type ModelRequest, type ModelTurn } from '../servers/openai.ts';

/** OpenAI's two interfaces: what holds for one holds for the other. */
export const apis = ['chat', 'responses'] as const;
export type Api = (typeof apis)[number];

type Result = RunResult<unknown, unknown>;

/** A model with a bridge before it. */
export interface Run {
  readonly openai: OpenAI;
  readonly bridge: ReturnType<typeof createBridge>;
  readonly requests: readonly ModelRequest[];
  /** Why the stand-in refused requests: empty where all of them keep OpenAI's rules. */
  readonly refusals: readonly string[];
  ask(prompt: string, params?: object, options?: object): Promise<Result>;
  /** Goes on with what a run has left. */
  resume(result: Result): Promise<Result>;
  /** What the model was told of its calls, in the last request. */
  answers(): string[];
}

/** Starts a model that says these things; `rejects` are functions that it takes no schema of. */
export async function startRun(
  source: ToolSource,
  api: Api,
  turns: readonly ModelTurn[] | Model,
  { rejects = [], ...options }: BridgeOptions & { rejects?: readonly string[] } = {},
): Promise<Run> {
  const server = await startOpenAI(typeof turns === 'function' ? turns : scripted(...turns), rejects);
  onTestFinished(() => server.close());
  const openai = new OpenAI({ apiKey: 'key', baseURL: server.url, maxRetries: 0 });
  const bridge = createBridge(source, options);
  function send(messages: readonly unknown[], params: object, runOptions: object): Promise<Result> {
    const model = 'gpt-4.1';
    // The stand-in holds these against the rules of the API itself.
    return api === 'chat'
      ? bridge.chat(openai, { model, messages: messages as never, ...params }, runOptions)
      : bridge.respond(openai, { model, input: messages as never, ...params }, runOptions);
  }
  return {
    openai,
    bridge,
    requests: server.requests,
    refusals: server.refusals,
    ask: (prompt, params = {}, runOptions = {}) => send([{ role: 'user', content: prompt }], params, runOptions),
    resume: ({ transcript }) => send([...transcript, { role: 'user', content: 'Go on' }], {}, {}),
    answers: () => answersIn(server.requests.at(-1)),
  };
}

/** A turn with one call. */
export function call(name: string, args: unknown): ModelTurn {
  return { calls: [{ name, arguments: args }] };
}

/** The functions that a request offers, those in namespaces too. */
export function namesIn(request: Pick<ModelRequest, 'body'> | undefined): string[] {
  const tools = (request?.body['tools'] ?? []) as RequestTool[];
  return tools.flatMap(nameOf);
}

interface RequestTool {
  readonly type?: string;
  readonly name?: string;
  readonly function?: { readonly name: string };
  readonly tools?: readonly RequestTool[];
}

function nameOf({ function: definition, name, tools }: RequestTool): string[] {
  return tools === undefined
    ? [definition?.name ?? name].filter((known) => known !== undefined)
    : tools.flatMap(nameOf);
}

interface Sent {
  readonly role?: string;
  readonly type?: string;
  readonly content?: string;
  readonly output?: string | readonly { readonly text?: string }[];
}

function answersIn(request: ModelRequest | undefined): string[] {
  const { messages, input } = (request?.body ?? {}) as { messages?: Sent[]; input?: Sent[] };
  const items = [...(messages ?? []), ...(input ?? [])];
  const told = items.filter(({ role, type }) => role === 'tool' || type === 'function_call_output');
  return told.map(({ content, output }) => {
    const said = content ?? output ?? '';
    return typeof said === 'string' ? said : said.map(({ text = '' }) => text).join('');
  });
}
