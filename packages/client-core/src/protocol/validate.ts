import { McpError } from '../errors.ts';
import { excerpt } from './excerpt.ts';
import { isObject, type JsonObject } from './jsonrpc.ts';
import type { OnReport, Report } from './report.ts';
import type {
  CallToolResult,
  CompleteResult,
  GetPromptResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplate,
  Tool,
} from './types.ts';

/** Where a check stands: what it looks at, and what becomes of an oddity. */
export interface Checking {
  method: string;
  /** Each oddity is an error instead of a report. */
  strict: boolean;
  onReport: OnReport;
}

/** A usable item of a list, or `undefined` for one that is to be left out. */
export type Keep<T> = (checking: Checking, item: JsonObject, path: string) => T | undefined;

type Check<T> = (checking: Checking, result: unknown) => T;

/** The result as an object; anything else can not be read as anything. */
export function checkObject({ method }: Checking, result: unknown): JsonObject {
  if (isObject(result)) return result;
  throw invalid(method, 'the result', 'an object');
}

/** The items of a list result that `keep` accepts; `null` is an empty list (Go servers send it). */
export function checkList<T>(
  checking: Checking,
  result: unknown,
  key: string,
  keep: (item: JsonObject, path: string) => T | undefined,
): T[] {
  const list = checkObject(checking, result)[key];
  if (!Array.isArray(list)) {
    if (list !== null && list !== undefined) throw invalid(checking.method, key, 'a list');
    odd(checking, 'repaired', `${key} is ${list === null ? 'null' : 'missing'}; read as an empty list`, list);
    return [];
  }
  return list.flatMap((item: unknown, index) => {
    const path = `${key}[${index}]`;
    const kept = isObject(item) ? keep(item, path) : undefined;
    if (kept === undefined) odd(checking, 'dropped', `${path} cannot be used and is left out`, item);
    return kept ?? [];
  });
}

/** A tool needs a name; whatever else is wrong with it is left out, so that it can still be called. */
export const keepTool: Keep<Tool> = (checking, tool, path) => {
  if (typeof tool['name'] !== 'string' || tool['name'] === '') return undefined;
  const repaired = { ...tool };
  const repair = (key: string, expected: string, value?: unknown): void => {
    odd(checking, 'repaired', `${path}.${key} (tool ${String(tool['name'])}) is not ${expected}`, tool[key]);
    if (value === undefined) delete repaired[key];
    else repaired[key] = value;
  };
  for (const key of ['title', 'description']) {
    if (tool[key] !== undefined && typeof tool[key] !== 'string') repair(key, 'a text');
  }
  for (const key of ['annotations', '_meta', 'execution']) {
    if (tool[key] !== undefined && !isObject(tool[key])) repair(key, 'an object');
  }
  const { inputSchema, outputSchema } = tool;
  if (!isObject(inputSchema)) repair('inputSchema', 'an object', { type: 'object' });
  else if (inputSchema['type'] !== 'object')
    repair('inputSchema', 'of type object', { ...inputSchema, type: 'object' });
  if (outputSchema !== undefined && !isObject(outputSchema)) repair('outputSchema', 'an object');
  return repaired as unknown as Tool; // Every field that is read has been checked above.
};

/** A list item is of use when the field by which it is asked for is a text. */
export const keepResource: Keep<Resource> = keepNamed('uri');
export const keepTemplate: Keep<ResourceTemplate> = keepNamed('uriTemplate');
export const keepPrompt: Keep<Prompt> = keepNamed('name');

function keepNamed<T>(key: keyof T & string): Keep<T> {
  return (_checking, item) => (typeof item[key] === 'string' ? (item as T) : undefined); // The key that matters was just checked.
}

export const checkToolResult: Check<CallToolResult> = (checking, result) => {
  const raw = checkObject(checking, result);
  const repaired: JsonObject = {
    ...raw,
    content: 'content' in raw || raw['structuredContent'] === undefined ? checkContent(checking, raw) : [],
  };
  if ('isError' in raw && typeof raw['isError'] !== 'boolean') {
    odd(checking, 'repaired', 'isError is not a boolean', raw['isError']);
    repaired['isError'] = raw['isError'] === 'true';
  }
  return repaired as unknown as CallToolResult; // Content and isError were just checked; the rest is the tool's own.
};

const contentTypes: readonly unknown[] = ['text', 'image', 'audio', 'resource', 'resource_link'];

/** Unknown kinds of content pass through: a newer server may know more of them. */
function checkContent(checking: Checking, result: JsonObject): JsonObject[] {
  return checkList(checking, result, 'content', (block, path) => {
    const { type, text } = block;
    if (typeof type !== 'string') return undefined;
    if (!contentTypes.includes(type))
      odd(checking, 'unknown', `${path} has the type ${type}; passed on as it is`, block);
    if (type !== 'text' || typeof text === 'string') return block;
    odd(checking, 'repaired', `${path}.text is not a text`, text);
    return { ...block, text: text === null || text === undefined ? '' : JSON.stringify(text) };
  });
}

export const checkReadResult: Check<ReadResourceResult> = (checking, result) => {
  const contents = checkList(checking, result, 'contents', (part) =>
    typeof part['text'] === 'string' || typeof part['blob'] === 'string' ? part : undefined,
  );
  return { ...(result as JsonObject), contents } as unknown as ReadResourceResult; // Its parts were just checked.
};

export const checkPromptResult: Check<GetPromptResult> = (checking, result) => {
  const messages = checkList(checking, result, 'messages', (message) =>
    isObject(message['content']) ? message : undefined,
  );
  return { ...(result as JsonObject), messages } as unknown as GetPromptResult; // Its messages were just checked.
};

export const checkCompletion: Check<CompleteResult> = (checking, result) => {
  const raw = checkObject(checking, result);
  const completion = isObject(raw['completion']) ? raw['completion'] : {};
  const values = Array.isArray(completion['values'])
    ? completion['values'].filter((value) => typeof value === 'string')
    : undefined;
  if (values === undefined)
    odd(checking, 'repaired', 'completion.values is not a list; read as empty', completion['values']);
  return { ...raw, completion: { ...completion, values: values ?? [] } };
};

/** Reports an oddity, or throws it when the caller wants the protocol to the letter. */
export function odd(checking: Checking, kind: Report['kind'], what: string, detail?: unknown): void {
  const message = excerpt(`${checking.method}: ${what}`);
  if (checking.strict) throw new McpError('invalid-response', message, { delivered: 'yes' });
  checking.onReport({ kind, message, detail });
}

function invalid(method: string, path: string, expected: string): McpError {
  return new McpError('invalid-response', `${method}: ${path} is not ${expected}`, { delivered: 'yes' });
}
