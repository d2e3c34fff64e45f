import type { ModelTurn } from './openai.ts';
import { pieces, written } from './openai-chat-wire.ts';
import type { JsonBody } from './openai-fault.ts';

export interface ResponseAnswer extends JsonBody {
  id: string;
  output: OutputItem[];
  status: string;
}

export interface OutputItem extends JsonBody {
  id: string;
  type: string;
}

/** What the Responses API answers. */
export function responseOf(turn: ModelTurn, body: JsonBody, count: number): ResponseAnswer {
  const { cut } = turn;
  return {
    id: `resp_${count}`,
    object: 'response',
    created_at: 1_790_000_000,
    status: cut === undefined ? 'completed' : 'incomplete',
    error: null,
    incomplete_details: cut === undefined ? null : { reason: cut === 'length' ? 'max_output_tokens' : cut },
    instructions: body['instructions'] ?? null,
    metadata: {},
    model: body['model'],
    output: outputOf(turn, body, count),
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    temperature: 1,
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_p: 1,
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 15,
    },
  };
}

function outputOf(turn: ModelTurn, body: JsonBody, count: number): OutputItem[] {
  const { text, refusal, calls = [], loads = [] } = turn;
  const output: OutputItem[] = [];
  const id = (kind: string): string => `${kind}_${count}_${output.length}`;
  if (thinks(body['model'])) {
    const include = (body['include'] ?? []) as string[];
    const encrypted = include.includes('reasoning.encrypted_content') ? { encrypted_content: 'gAAA' } : {};
    output.push({ id: id('rs'), type: 'reasoning', summary: [], ...encrypted });
  }
  if (loads.length > 0) {
    const tools = ((body['tools'] ?? []) as JsonBody[]).filter(({ name }) => loads.includes(String(name)));
    const search = { call_id: null, execution: 'server', status: 'completed' };
    output.push({ id: id('tsc'), type: 'tool_search_call', arguments: { paths: loads }, ...search });
    output.push({ id: id('tso'), type: 'tool_search_output', tools, ...search });
  }
  if (text !== undefined || refusal !== undefined) {
    const content = [
      ...(text === undefined ? [] : [{ type: 'output_text', text, annotations: [], logprobs: [] }]),
      ...(refusal === undefined ? [] : [{ type: 'refusal', refusal }]),
    ];
    output.push({ id: id('msg'), type: 'message', role: 'assistant', status: 'completed', content });
  }
  calls.forEach(({ name, arguments: args, namespace }, index) => {
    const fields = { call_id: `call_${count}_${index}`, name, arguments: written(args), status: 'completed' };
    output.push({ id: id('fc'), type: 'function_call', ...fields, ...(namespace !== undefined && { namespace }) });
  });
  return output;
}

/** Models of these names reason before they speak, and want their reasoning back. */
function thinks(model: unknown): boolean {
  return /^(gpt-[5-9]|o\d)/.test(String(model));
}

/** The same answer as a stream of events. */
export function responseEvents(answer: ResponseAnswer): string[] {
  const events: JsonBody[] = [];
  const say = (type: string, fields: JsonBody): void =>
    void events.push({ type, sequence_number: events.length, ...fields });
  const begun = { ...answer, status: 'in_progress', output: [], usage: null };
  say('response.created', { response: begun });
  say('response.in_progress', { response: begun });
  for (const [index, item] of answer.output.entries()) {
    const place = { item_id: item.id, output_index: index };
    say('response.output_item.added', { output_index: index, item: emptied(item) });
    if (item.type === 'function_call') {
      for (const delta of pieces(String(item['arguments'])))
        say('response.function_call_arguments.delta', { ...place, delta });
      say('response.function_call_arguments.done', { ...place, arguments: item['arguments'], name: item['name'] });
    }
    if (item.type === 'message') sayMessage(item, place, say);
    say('response.output_item.done', { output_index: index, item });
  }
  say(answer.status === 'completed' ? 'response.completed' : 'response.incomplete', { response: answer });
  return events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`);
}

function emptied(item: OutputItem): OutputItem {
  const empty = { function_call: { arguments: '' }, message: { content: [] } }[item.type] ?? {};
  return { ...item, ...empty, status: 'in_progress' };
}

function sayMessage(item: OutputItem, place: JsonBody, say: (type: string, fields: JsonBody) => void): void {
  for (const [index, part] of (item['content'] as JsonBody[]).entries()) {
    const key = part['type'] === 'refusal' ? 'refusal' : 'text';
    const name = key === 'refusal' ? 'response.refusal' : 'response.output_text';
    const at = { ...place, content_index: index };
    say('response.content_part.added', { ...at, part: { ...part, [key]: '' } });
    for (const delta of pieces(String(part[key]))) say(`${name}.delta`, { ...at, delta, logprobs: [] });
    say(`${name}.done`, { ...at, [key]: part[key], logprobs: [] });
    say('response.content_part.done', { ...at, part });
  }
}
