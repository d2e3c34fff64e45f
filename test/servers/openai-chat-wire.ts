import type { ModelTurn } from './openai.ts';
import type { JsonBody } from './openai-fault.ts';

interface ChatAnswer {
  id: string;
  object: string;
  created: number;
  model: unknown;
  choices: {
    index: number;
    logprobs: null;
    finish_reason: string;
    message: { role: string; content: string | null; refusal: string | null; tool_calls?: ChatCall[] };
  }[];
  usage: JsonBody;
}

interface ChatCall {
  id: string;
  type: string;
  function: { name: string; arguments: string };
}

/** What Chat Completions answer. */
export function chatAnswer(turn: ModelTurn, body: JsonBody, count: number): ChatAnswer {
  const { text, refusal, calls = [], cut } = turn;
  const toolCalls = calls.map((call, index) => ({
    id: `call_${count}_${index}`,
    type: 'function',
    function: { name: call.name, arguments: written(call.arguments) },
  }));
  const message = {
    role: 'assistant',
    content: text ?? null,
    refusal: refusal ?? null,
    annotations: [],
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  };
  const finish = cut ?? (calls.length > 0 ? 'tool_calls' : 'stop');
  return {
    id: `chatcmpl-${count}`,
    object: 'chat.completion',
    created: 1_790_000_000,
    model: body['model'],
    choices: [{ index: 0, logprobs: null, finish_reason: finish, message }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  };
}

/** The same answer in pieces. */
export function chatChunks({ choices, usage, ...answer }: ChatAnswer, body: JsonBody): string[] {
  const [choice] = choices;
  const message = choice?.message;
  const deltas: JsonBody[] = [{ role: 'assistant', content: message?.tool_calls ? null : '', refusal: null }];
  for (const piece of pieces(message?.content ?? '')) deltas.push({ content: piece });
  for (const piece of pieces(message?.refusal ?? '')) deltas.push({ refusal: piece });
  for (const [index, { id, type, function: details }] of (message?.tool_calls ?? []).entries()) {
    deltas.push({ tool_calls: [{ index, id, type, function: { name: details.name, arguments: '' } }] });
    for (const piece of pieces(details.arguments))
      deltas.push({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  const chunk = (fields: JsonBody): string =>
    `data: ${JSON.stringify({ ...answer, object: 'chat.completion.chunk', ...fields })}\n\n`;
  const chunks = deltas.map((delta) => chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: null }] }));
  chunks.push(chunk({ choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: choice?.finish_reason }] }));
  const wantsUsage = (body['stream_options'] as { include_usage?: boolean } | undefined)?.include_usage === true;
  if (wantsUsage) chunks.push(chunk({ choices: [], usage }));
  return [...chunks, 'data: [DONE]\n\n'];
}

export function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A text in the pieces that a stream brings. */
export function pieces(text: string): string[] {
  return text.match(/[^]{1,5}/g) ?? [];
}
