import {
  checkImageUrl,
  isObject,
  listAt,
  objectAt,
  onlyKeys,
  RequestFault,
  textAt,
  type JsonBody,
} from './openai-fault.ts';
import type { ResponseAnswer } from './openai-responses-wire.ts';
import { checkFunction } from './openai-tool-rules.ts';

const requestKeys = (
  'model input instructions tools tool_choice parallel_tool_calls stream store include ' +
  'previous_response_id conversation reasoning text temperature max_output_tokens metadata user ' +
  'prompt_cache_key truncation service_tier safety_identifier'
).split(' ');
const functionKeys = ['type', 'name', 'description', 'parameters', 'strict', 'defer_loading', 'output_schema'];

/** What the Responses API asks of a request; it remembers what it has stored. */
export class ResponsesRules {
  /** Items by id; for a call, the reasoning that has to come with it. */
  readonly #stored = new Map<string, { reasoning: string | undefined }>();
  /** What was said so far, by the id of a conversation or of a response. */
  readonly #histories = new Map<unknown, unknown[]>();

  /** Throws the fault that OpenAI would answer with; returns the whole history. */
  check(body: JsonBody): unknown[] {
    onlyKeys(body, requestKeys);
    textAt(body['model'], 'model');
    const namespaced = checkTools(body);
    const { input, conversation, previous_response_id: previous } = body;
    if (previous !== undefined && !this.#histories.has(previous)) {
      throw new RequestFault(`Previous response with id '${String(previous)}' not found.`, 'previous_response_id');
    }
    const items = typeof input === 'string' ? [{ role: 'user', content: input }] : listAt(input, 'input');
    const history = [...(this.#histories.get(previous ?? conversation) ?? []), ...items];
    history.forEach((item, index) => this.#checkItem(objectAt(item, `input[${index}]`), `input[${index}]`, namespaced));
    checkPairs(history.filter(isObject));
    this.#checkReasoning(history.filter(isObject));
    return history;
  }

  remember({ id: responseId, output }: ResponseAnswer, { store, conversation }: JsonBody, history: unknown[]): void {
    if (store === false) return;
    let reasoning: string | undefined;
    for (const { id, type } of output) {
      if (type === 'reasoning') reasoning = id;
      this.#stored.set(id, { reasoning: type === 'reasoning' ? undefined : reasoning });
    }
    this.#histories.set(responseId, [...history, ...output]);
    if (conversation !== undefined) this.#histories.set(conversation, [...history, ...output]);
  }

  #checkItem(item: JsonBody, param: string, namespaced: ReadonlySet<string>): void {
    const { type = 'message', id, name, namespace } = item;
    if (type === 'message') return checkMessage(item, param);
    if (type === 'function_call') {
      textAt(item['arguments'], `${param}.arguments`);
      if (id !== undefined && !String(id).startsWith('fc')) {
        throw new RequestFault(
          `Invalid '${param}.id': '${String(id)}'. Expected an ID that begins with 'fc'.`,
          `${param}.id`,
        );
      }
      if (namespace === undefined && namespaced.has(String(name))) {
        throw new RequestFault(
          `Missing namespace for function_call '${String(name)}'. It does not exist in the default namespace. Round-trip the model's function_call item with its namespace field included.`,
          `${param}.namespace`,
        );
      }
    }
    if (type === 'function_call_output') checkOutput(item['output'], `${param}.output`);
    if (type === 'reasoning' && !this.#stored.has(String(id)) && !item['encrypted_content']) {
      throw new RequestFault(
        `Item with id '${String(id)}' not found. Items are not persisted when \`store\` is set to false.`,
        param,
      );
    }
  }

  #checkReasoning(items: readonly JsonBody[]): void {
    const ids = new Set(items.map(({ id }) => id));
    items.forEach(({ id, type }, index) => {
      const next = items[index + 1];
      if (type !== 'reasoning' || (next !== undefined && next['role'] !== 'user')) return;
      throw new RequestFault(
        `Item '${String(id)}' of type 'reasoning' was provided without its required following item.`,
        'input',
      );
    });
    for (const { id, type } of items) {
      const reasoning = this.#stored.get(String(id))?.reasoning;
      if (type !== 'function_call' || reasoning === undefined || ids.has(reasoning)) continue;
      throw new RequestFault(
        `Item '${String(id)}' of type 'function_call' was provided without its required 'reasoning' item: '${reasoning}'.`,
        'input',
      );
    }
  }
}

function checkPairs(items: readonly JsonBody[]): void {
  const idsOf = (type: string): string[] =>
    items.filter((item) => item['type'] === type).map((item) => textAt(item['call_id'], 'input.call_id'));
  const [calls, outputs] = [idsOf('function_call'), idsOf('function_call_output')];
  const unanswered = calls.find((id) => !outputs.includes(id));
  if (unanswered !== undefined)
    throw new RequestFault(`No tool output found for function call ${unanswered}.`, 'input');
  const unasked = outputs.find((id) => !calls.includes(id));
  if (unasked !== undefined) {
    throw new RequestFault(`No tool call found for function call output with call_id ${unasked}.`, 'input');
  }
  const twice = outputs.find((id, index) => outputs.indexOf(id) !== index);
  if (twice !== undefined) throw new RequestFault(`Duplicate item found with call_id ${twice}.`, 'input');
}

function checkMessage({ role, content }: JsonBody, param: string): void {
  if (!['user', 'assistant', 'system', 'developer'].includes(String(role))) {
    throw new RequestFault(`Invalid value: '${String(role)}'.`, `${param}.role`);
  }
  if (typeof content === 'string') return;
  const kinds = role === 'assistant' ? ['output_text', 'refusal'] : ['input_text', 'input_image', 'input_file'];
  checkParts(content, kinds, `${param}.content`);
}

function checkOutput(output: unknown, param: string): void {
  if (typeof output === 'string') {
    if (output.length > 10_485_760) throw new RequestFault(`Invalid '${param}': string too long.`, param);
    return;
  }
  checkParts(output, ['input_text', 'input_image', 'input_file'], param);
}

function checkParts(content: unknown, kinds: readonly string[], param: string): void {
  listAt(content, param).forEach((value, index) => {
    const part = objectAt(value, `${param}[${index}]`);
    const type = String(part['type']);
    if (!kinds.includes(type)) throw new RequestFault(`Invalid value: '${type}'.`, `${param}[${index}].type`);
    if (type === 'input_image') checkImageUrl(part['image_url'], `${param}[${index}].image_url`);
    if (type === 'input_file' && !textAt(part['file_data'], param).startsWith('data:application/pdf;base64,')) {
      throw new RequestFault('Expected a file with an application/pdf MIME type.', `${param}[${index}].file_data`);
    }
  });
}

/** Checks the tools, and returns the names that live in namespaces. */
function checkTools({ model, tools, tool_choice: choice }: JsonBody): ReadonlySet<string> {
  const list =
    tools === undefined ? [] : listAt(tools, 'tools').map((tool, index) => objectAt(tool, `tools[${index}]`));
  const direct: string[] = [];
  const deferred: string[] = [];
  const namespaced: string[] = [];
  list.forEach((tool, index) => {
    const param = `tools[${index}]`;
    switch (tool['type']) {
      case 'function':
        (tool['defer_loading'] === true ? deferred : direct).push(checkResponsesFunction(tool, param));
        break;
      case 'namespace': {
        onlyKeys(tool, ['type', 'name', 'description', 'tools'], param);
        textAt(tool['description'], `${param}.description`);
        if (!/^[\w-]{1,64}$/.test(textAt(tool['name'], `${param}.name`))) throw new RequestFault('Invalid name', param);
        const members = listAt(tool['tools'], `${param}.tools`).map((member) =>
          checkResponsesFunction(objectAt(member, param), `${param}.tools`),
        );
        if (new Set(members).size < members.length)
          throw new RequestFault('Names must be unique in a namespace', param);
        namespaced.push(...members);
        break;
      }
      case 'tool_search':
        onlyKeys(tool, ['type', 'execution', 'description', 'parameters'], param);
        if (!/^gpt-(5\.([4-9]|\d\d)|[6-9])/.test(String(model))) {
          throw new RequestFault(`Tool 'tool_search' is not supported with ${String(model)}.`, param);
        }
        break;
      case 'mcp':
      case 'web_search':
        break;
      default:
        throw new RequestFault(`Invalid value: '${String(tool['type'])}'.`, `${param}.type`);
    }
  });
  const hasSearch = list.some(({ type }) => type === 'tool_search');
  if (deferred.length + namespaced.length > 0 && !hasSearch) {
    throw new RequestFault("'defer_loading' needs the 'tool_search' tool.", 'tools');
  }
  if (new Set([...direct, ...deferred]).size < direct.length + deferred.length) {
    throw new RequestFault('Invalid tools: names must be unique.', 'tools');
  }
  const chosen = isObject(choice) && choice['type'] === 'function' ? String(choice['name']) : undefined;
  if (chosen !== undefined && !direct.includes(chosen)) {
    throw new RequestFault(`Tool choice 'function' not found in 'tools' parameter.`, 'tool_choice');
  }
  return new Set(namespaced);
}

function checkResponsesFunction(tool: JsonBody, param: string): string {
  onlyKeys(tool, functionKeys, param);
  return checkFunction(tool, param);
}
