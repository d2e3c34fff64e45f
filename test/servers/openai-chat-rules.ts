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
import { checkFunction } from './openai-tool-rules.ts';

const requestKeys = (
  'messages model tools tool_choice parallel_tool_calls stream stream_options temperature ' +
  'max_completion_tokens max_tokens response_format store metadata user reasoning_effort seed'
).split(' ');

/** What Chat Completions ask of a request. */
export class ChatRules {
  /** Throws the fault that OpenAI would answer with. */
  check(body: JsonBody): void {
    onlyKeys(body, requestKeys);
    textAt(body['model'], 'model');
    checkTools(body);
    const messages = listAt(body['messages'], 'messages');
    if (messages.length === 0) throw new RequestFault("Invalid 'messages': empty array.", 'messages');
    let open: string[] = [];
    messages.forEach((item, index) => {
      const message = objectAt(item, `messages[${index}]`);
      const isAnswer = message['role'] === 'tool';
      if (!isAnswer && open.length > 0) throw unanswered(open, index);
      if (isAnswer) {
        const id = textAt(message['tool_call_id'], `messages[${index}].tool_call_id`);
        if (!open.includes(id)) {
          throw new RequestFault(
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
            `messages.[${index}].role`,
          );
        }
        open = open.filter((known) => known !== id);
      }
      open = [...open, ...checkMessage(message, `messages[${index}]`)];
    });
    if (open.length > 0) throw unanswered(open, messages.length - 1);
  }
}

function unanswered(ids: readonly string[], index: number): RequestFault {
  return new RequestFault(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(', ')}`,
    `messages.[${index}].role`,
  );
}

/** Checks one message, and returns the ids of its calls. */
function checkMessage(message: JsonBody, param: string): string[] {
  const { role, content } = message;
  switch (role) {
    case 'system':
    case 'developer':
    case 'tool':
      checkParts(content, ['text'], `${param}.content`);
      return [];
    case 'user':
      checkParts(content, ['text', 'image_url', 'input_audio', 'file'], `${param}.content`);
      return [];
    case 'assistant':
      return checkAssistant(message, param);
    default:
      throw new RequestFault(`Invalid value: '${String(role)}'.`, `${param}.role`);
  }
}

function checkAssistant({ content, refusal, tool_calls: calls }: JsonBody, param: string): string[] {
  const isSilent = content === null || content === undefined;
  if (calls === undefined) {
    if (isSilent && typeof refusal !== 'string') {
      throw new RequestFault("Invalid value for 'content': expected a string, got null.", `${param}.content`);
    }
    return [];
  }
  const list = listAt(calls, `${param}.tool_calls`);
  if (list.length === 0) throw new RequestFault(`Invalid '${param}.tool_calls': empty array.`, `${param}.tool_calls`);
  const ids = list.map((item, index) => {
    const call = objectAt(item, `${param}.tool_calls[${index}]`);
    const details = objectAt(call['function'], `${param}.tool_calls[${index}].function`);
    textAt(details['arguments'], `${param}.tool_calls[${index}].function.arguments`);
    if (!/^[\w-]{1,64}$/.test(textAt(details['name'], param))) throw new RequestFault('Invalid function name', param);
    return textAt(call['id'], `${param}.tool_calls[${index}].id`);
  });
  if (new Set(ids).size < ids.length || ids.includes(''))
    throw new RequestFault('Duplicate or empty tool_call ids', param);
  return ids;
}

function checkParts(content: unknown, kinds: readonly string[], param: string): void {
  if (typeof content === 'string') return;
  listAt(content, param).forEach((item, index) => {
    const part = objectAt(item, `${param}[${index}]`);
    const type = textAt(part['type'], `${param}[${index}].type`);
    if (!kinds.includes(type)) {
      throw new RequestFault(
        `Invalid value: '${type}'. Supported values are: ${kinds.join(', ')}.`,
        `${param}[${index}]`,
      );
    }
    if (type === 'image_url') checkImageUrl(isObject(part[type]) ? part[type]['url'] : undefined, `${param}[${index}]`);
  });
}

function checkTools({ tools, tool_choice: choice, parallel_tool_calls: parallel }: JsonBody): void {
  if (tools === undefined) {
    const alone = choice === undefined ? (parallel === undefined ? undefined : 'parallel_tool_calls') : 'tool_choice';
    if (alone !== undefined) throw new RequestFault(`'${alone}' is only allowed when 'tools' are specified.`, alone);
    return;
  }
  const list = listAt(tools, 'tools');
  if (list.length === 0)
    throw new RequestFault("Invalid 'tools': empty array. Expected an array with minimum length 1.", 'tools');
  if (list.length > 128)
    throw new RequestFault(`Invalid 'tools': array too long. Expected an array with maximum length 128.`, 'tools');
  const names = list.map((item, index) => {
    const tool = objectAt(item, `tools[${index}]`);
    onlyKeys(tool, ['type', 'function'], `tools[${index}]`);
    const definition = objectAt(tool['function'], `tools[${index}].function`);
    onlyKeys(definition, ['name', 'description', 'parameters', 'strict'], `tools[${index}].function`);
    return checkFunction(definition, `tools[${index}].function`);
  });
  if (new Set(names).size < names.length) throw new RequestFault('Invalid tools: names must be unique.', 'tools');
  const chosen = isObject(choice) && isObject(choice['function']) ? choice['function']['name'] : undefined;
  if (chosen !== undefined && !names.includes(String(chosen))) {
    throw new RequestFault(`Tool choice '${String(chosen)}' not found in 'tools' parameter.`, 'tool_choice');
  }
}
