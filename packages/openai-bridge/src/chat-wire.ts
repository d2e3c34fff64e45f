import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessage,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from 'openai/resources/chat/completions';
import { readChatStream } from './chat-stream.ts';
import { ModelAnswerError } from './errors.ts';
import type { ChatClient, ChatParams } from './model-client.ts';
import { toChatMessages, type ResultOptions } from './results.ts';
import type { AskContext, Turn, Wire } from './run-loop.ts';
import { toolChoice } from './tool-choice.ts';
import type { Offer, Toolbox } from './toolbox.ts';
import type { ModelCall } from './types.ts';

export interface WireOptions {
  readonly isStreaming: boolean;
  readonly results: ResultOptions;
}

/** Speaks Chat Completions. */
export function chatWire(
  client: ChatClient,
  params: ChatParams,
  toolbox: Pick<Toolbox<'chat'>, 'pin'>,
  { isStreaming, results }: WireOptions,
): Wire<'chat', ChatCompletion, ChatCompletionMessageParam> {
  const { messages, tools: foreign = [], tool_choice: wanted, parallel_tool_calls, ...settings } = params;
  const choice = toolChoice(wanted, toolbox.pin);
  const foreignNames = new Set(foreign.map((tool) => (tool.type === 'custom' ? tool.custom : tool.function).name));
  for (const name of messages.flatMap(calledNames)) toolbox.pin(name);

  async function ask(
    transcript: readonly ChatCompletionMessageParam[],
    offer: Offer<'chat'>,
    { signal, emit, isFirst }: AskContext,
  ): Promise<Turn<ChatCompletion, ChatCompletionMessageParam>> {
    const tools = [...foreign, ...offerTools(offer)];
    const parallel = parallel_tool_calls === undefined ? {} : { parallel_tool_calls };
    // Without tools the API takes nothing that is about them.
    const toolSettings = tools.length === 0 ? {} : { tools, ...choice(isFirst), ...parallel };
    const body = { ...settings, ...toolSettings, messages: [...transcript], stream: isStreaming };
    // The client's own types are those of its version; what it sends, and gets, is the API's.
    const answered = await client.chat.completions.create(body as never, { signal } as never);
    const answer = isStreaming
      ? await readChatStream(answered as AsyncIterable<ChatCompletionChunk>, { signal, emit })
      : (answered as ChatCompletion);
    return readTurn(answer);
  }

  return {
    start: messages,
    ask,
    answer: (made) => toChatMessages(made, results),
    isForeign: (name) => foreignNames.has(name),
  };
}

function offerTools({ direct, finder }: Offer<'chat'>): ChatCompletionTool[] {
  const tools: ChatCompletionTool[] = direct.map(({ converted }) => converted.tool);
  if (finder !== undefined) tools.push({ type: 'function', function: { ...finder, strict: true } });
  return tools;
}

/** Reads an answer; servers that only resemble OpenAI leave things out. */
function readTurn(answer: ChatCompletion): Turn<ChatCompletion, ChatCompletionMessageParam> {
  const choice = answer.choices?.[0];
  if (choice?.message === undefined) throw new ModelAnswerError('The model has sent an answer without a message');
  const message = withCallIds(choice.message);
  return {
    answer,
    items: [message],
    text: message.content ?? '',
    refusal: message.refusal ?? '',
    calls: callsOf(message),
    cut: cuts[choice.finish_reason],
    awaitsCaller: false,
    usage: { input: answer.usage?.prompt_tokens ?? 0, output: answer.usage?.completion_tokens ?? 0 },
  };
}

const cuts: Partial<Record<string, 'length' | 'content-filter'>> = {
  length: 'length',
  content_filter: 'content-filter',
};

/** The calls in an OpenAI message, or in one that resembles it. */
export function callsOf({ tool_calls: calls }: Pick<ChatCompletionMessage, 'tool_calls'>): ModelCall[] {
  return (calls ?? []).map((call) =>
    call.type === 'custom'
      ? { id: call.id, name: call.custom.name, arguments: call.custom.input }
      : { id: call.id, name: call.function.name, arguments: jsonText(call.function.arguments) },
  );
}

/** Some servers send the arguments as an object. */
function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? {});
}

/** Some servers leave out the ids of calls, or give several calls the same: their answers could not be told apart. */
function withCallIds(message: ChatCompletionMessage): ChatCompletionMessage {
  const calls = message.tool_calls ?? [];
  if (calls.length === 0) return message;
  const taken = new Set<string>();
  const named = calls.map((call) => {
    const isUsable = typeof call.id === 'string' && call.id !== '' && !taken.has(call.id);
    const id = isUsable ? call.id : `call_${crypto.randomUUID().replaceAll('-', '')}`;
    taken.add(id);
    return { ...call, id };
  });
  return { ...message, tool_calls: named };
}

/** The functions that the conversation has called before. */
function calledNames(message: ChatCompletionMessageParam): string[] {
  return message.role === 'assistant' ? callsOf(message as ChatCompletionMessage).map(({ name }) => name) : [];
}
