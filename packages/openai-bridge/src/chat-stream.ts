import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import { ModelAnswerError } from './errors.ts';
import type { AskContext } from './run-loop.ts';

/** A message as it grows. Fields that are not known here are kept: some servers want them back. */
interface GrowingMessage {
  content: string | null;
  refusal: string | null;
  tool_calls?: GrowingCall[];
  [extra: string]: unknown;
}

interface GrowingCall {
  id: string;
  type: 'function' | 'custom';
  function?: { name: string; arguments: string };
  custom?: { name: string; input: string };
  [extra: string]: unknown;
}

interface Growth {
  readonly message: GrowingMessage;
  /** The calls that are being written, by their index. */
  readonly open: Map<number, GrowingCall>;
}

type Delta = ChatCompletionChunk.Choice['delta'];
type CallDelta = NonNullable<Delta['tool_calls']>[number];

/** Puts the answer together from its pieces, and tells of them as they come. Throws when it breaks off. */
export async function readChatStream(
  chunks: AsyncIterable<ChatCompletionChunk>,
  { signal, emit }: Pick<AskContext, 'signal' | 'emit'>,
): Promise<ChatCompletion> {
  const message: GrowingMessage = { content: null, refusal: null };
  const open = new Map<number, GrowingCall>();
  let last: ChatCompletionChunk | undefined;
  let usage: ChatCompletionChunk['usage'];
  let finishReason: string | null | undefined;
  for await (const chunk of chunks) {
    last = chunk;
    usage = chunk.usage ?? usage;
    const choice = chunk.choices?.[0];
    finishReason = choice?.finish_reason ?? finishReason;
    if (choice?.delta) grow({ message, open }, choice.delta, emit);
  }
  signal.throwIfAborted(); // A stream that is cancelled just ends.
  if (last === undefined || finishReason === undefined || finishReason === null) {
    throw new ModelAnswerError("The model's answer broke off");
  }
  // Put together as the API itself would have sent it at once.
  return {
    ...last,
    object: 'chat.completion',
    choices: [{ index: 0, logprobs: null, finish_reason: finishReason, message: { ...message, role: 'assistant' } }],
    ...(usage && { usage }),
  } as unknown as ChatCompletion;
}

function grow({ message, open }: Growth, delta: Delta, emit: AskContext['emit']): void {
  const { role: _role, content, refusal, tool_calls: calls, ...extra } = delta;
  if (content) {
    message.content = (message.content ?? '') + content;
    emit({ type: 'text', delta: content });
  }
  if (refusal) {
    message.refusal = (message.refusal ?? '') + refusal;
    emit({ type: 'refusal', delta: refusal });
  }
  for (const piece of calls ?? []) {
    message.tool_calls ??= [];
    const known = open.get(piece.index);
    // Some servers give every call the same index, or none: a new id is then a new call.
    const isNew = known === undefined || (piece.id !== undefined && piece.id !== '' && piece.id !== known.id);
    const call = isNew ? newCall(piece) : known;
    if (isNew) message.tool_calls.push(call);
    open.set(piece.index, call);
    growCall(call, piece, emit);
  }
  keep(message, extra);
}

function newCall({ id = '', type = 'function' }: CallDelta): GrowingCall {
  return type === 'custom'
    ? { id, type, custom: { name: '', input: '' } }
    : { id, type, function: { name: '', arguments: '' } };
}

function growCall(call: GrowingCall, piece: CallDelta, emit: AskContext['emit']): void {
  const { index: _index, id: _id, type: _type, function: details, custom, ...extra } = piece;
  const name = details?.name ?? custom?.name;
  const text = textOf(details?.arguments ?? custom?.input);
  for (const target of [call.function, call.custom]) if (target && name) target.name = name;
  if (call.function) call.function.arguments += text;
  if (call.custom) call.custom.input += text;
  if (text !== '')
    emit({ type: 'argumentsDelta', id: call.id, name: (call.function ?? call.custom)?.name ?? '', delta: text });
  keep(call, extra);
}

/** Some servers send the arguments as an object. */
function textOf(written: unknown): string {
  if (typeof written === 'string') return written;
  return written === undefined || written === null ? '' : JSON.stringify(written);
}

function keep(target: Record<string, unknown>, extra: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(extra)) {
    const known = target[key];
    target[key] = typeof known === 'string' && typeof value === 'string' ? known + value : (value ?? known);
  }
}
