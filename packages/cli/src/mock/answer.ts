import { findSchemaViolation, type JsonObject } from '@toolwire/client-core';
import { isObject, textOf } from '../proxy/envelope.ts';
import { rpcCode } from '../proxy/rpc-error.ts';
import { parseDuration } from '../duration.ts';
import type { MockAnswer, MockDefinition } from './definition.ts';

/** What is answered, and after how many milliseconds. */
export interface Reply {
  readonly delayMs: number;
  readonly result?: JsonObject;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** Answers a request as the server that `definition` describes. */
export function answer(definition: MockDefinition, method: string, params: JsonObject): Reply {
  const delayMs = milliseconds(definition.delay);
  const find = answers.get(method);
  if (find === undefined) return { delayMs, ...refused(rpcCode.methodNotFound, `This mock knows no ${method}`) };
  return { delayMs, ...find(definition, params) };
}

type Found = Omit<Reply, 'delayMs'> & { readonly delayMs?: number };
type Answers = (definition: MockDefinition, params: JsonObject) => Found;

const answers: ReadonlyMap<string, Answers> = new Map<string, Answers>([
  ['initialize', initialize],
  ['ping', () => ({ result: {} })],
  ['tools/list', listTools],
  ['tools/call', callTool],
  ['resources/list', listResources],
  ['resources/templates/list', () => ({ result: { resourceTemplates: [] } })],
  ['resources/read', readResource],
  ['prompts/list', listPrompts],
  ['prompts/get', getPrompt],
]);

function initialize({ name = 'mock', instructions, ...offers }: MockDefinition): Found {
  const kinds = ['tools', 'resources', 'prompts'].filter((kind) => kind in offers);
  return {
    result: {
      protocolVersion: '2025-11-25',
      capabilities: Object.fromEntries(kinds.map((kind) => [kind, {}])),
      serverInfo: { name, version: '0.0.0' },
      ...(instructions !== undefined && { instructions }),
    },
  };
}

function listTools({ tools = {} }: MockDefinition): Found {
  const described = Object.entries(tools).map(([name, tool]) => {
    const { inputSchema = { type: 'object' }, answer: _canned, ...others } = tool;
    return { name, ...others, inputSchema };
  });
  return { result: { tools: described } };
}

function callTool({ tools = {} }: MockDefinition, { name, arguments: args = {} }: JsonObject): Found {
  const tool = own(tools, name);
  if (tool === undefined) return refused(rpcCode.invalidParams, `Tool ${String(name)} not found`);
  const violation = findSchemaViolation(tool.inputSchema ?? {}, args);
  if (violation !== undefined) return failed(`The arguments do not fit: ${violation.message}`);
  const canned = [tool.answer ?? {}].flat().find(({ when = {} }) => hasAll(args, when));
  return canned === undefined ? failed('No answer of this mock is for these arguments') : cannedReply(canned);
}

function cannedReply({ text, structured, content, isError, error, delay }: MockAnswer): Found {
  const delayMs = delay === undefined ? {} : { delayMs: milliseconds(delay) };
  if (error !== undefined) return { ...delayMs, error };
  const said = text ?? (structured === undefined ? undefined : JSON.stringify(structured));
  return {
    ...delayMs,
    result: {
      content: content ?? (said === undefined ? [] : [{ type: 'text', text: said }]),
      ...(structured !== undefined && { structuredContent: structured }),
      ...(isError !== undefined && { isError }),
    },
  };
}

function listResources({ resources = {} }: MockDefinition): Found {
  return { result: { resources: Object.keys(resources).map((uri) => ({ uri, name: uri })) } };
}

function readResource({ resources = {} }: MockDefinition, { uri }: JsonObject): Found {
  const value = own(resources, uri);
  if (value === undefined) return refused(rpcCode.invalidParams, `Resource ${String(uri)} not found`);
  const contents =
    typeof value === 'string'
      ? { mimeType: 'text/plain', text: value }
      : { mimeType: 'application/json', text: JSON.stringify(value) };
  return { result: { contents: [{ uri, ...contents }] } };
}

function listPrompts({ prompts = {} }: MockDefinition): Found {
  const described = Object.entries(prompts).map(([name, { description, arguments: names = [] }]) => ({
    name,
    ...(description !== undefined && { description }),
    arguments: names.map((argument) => ({ name: argument, required: true })),
  }));
  return { result: { prompts: described } };
}

function getPrompt({ prompts = {} }: MockDefinition, { name, arguments: given }: JsonObject): Found {
  const prompt = own(prompts, name);
  if (prompt === undefined) return refused(rpcCode.invalidParams, `Prompt ${String(name)} not found`);
  const args = isObject(given) ? given : {};
  const missing = prompt.arguments?.find((argument) => !Object.hasOwn(args, argument));
  if (missing !== undefined) return refused(rpcCode.invalidParams, `The argument ${missing} is missing`);
  const text = prompt.text.replaceAll(/\{(\w+)\}/g, (written, argument: string) =>
    Object.hasOwn(args, argument) ? String(args[argument]) : written,
  );
  return { result: { messages: [{ role: 'user', content: { type: 'text', text } }] } };
}

/** Names come from a host: only what the file itself holds is found. */
function own<Value>(values: Readonly<Record<string, Value>>, name: unknown): Value | undefined {
  return Object.hasOwn(values, textOf(name) ?? '') ? values[textOf(name) ?? ''] : undefined;
}

function hasAll(args: unknown, wanted: JsonObject): boolean {
  const { isDeepStrictEqual } = process.getBuiltinModule('node:util');
  return Object.entries(wanted).every(([name, value]) => isObject(args) && isDeepStrictEqual(args[name], value));
}

function failed(text: string): Found {
  return { result: { content: [{ type: 'text', text }], isError: true } };
}

function refused(code: number, message: string): Found {
  return { error: { code, message } };
}

function milliseconds(delay: number | string = 0): number {
  return delay === 0 ? 0 : parseDuration(String(delay), 'delay');
}
