import {
  fromJsonSchema,
  McpServer,
  type CallToolResult,
  type GetPromptResult,
  type ServerContext,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import type { JsonObject } from '@toolwire/client-core';

/** A tool of a test server. */
export interface TestTool<Arguments = unknown> {
  description?: string;
  /** A JSON Schema, or a schema of zod and its like, which also types the handler's arguments. Default: any object. */
  inputSchema?: JsonObject | StandardSchemaWithJSON<unknown, Arguments>;
  annotations?: { title?: string; readOnlyHint?: boolean; idempotentHint?: boolean; destructiveHint?: boolean };
  /**
   * Returns the answer: a string becomes text, an object with `content` is the whole result, anything else becomes
   * JSON text, and `structuredContent` when it is an object. What it throws becomes a result with `isError`.
   */
  handler: (args: unknown extends Arguments ? JsonObject : Arguments, context: ServerContext) => unknown;
}

/** What a resource of a test server holds: text, an object sent as JSON, or bytes. */
export type TestResourceValue = string | JsonObject | Uint8Array;

/** A resource of a test server; a function is asked at every read. */
export type TestResource = TestResourceValue | (() => TestResourceValue | Promise<TestResourceValue>);

/** A prompt of a test server. */
export interface TestPrompt {
  description?: string;
  /** Names of the arguments, all of them required. */
  arguments?: readonly string[];
  /** Returns the text of one message of the user, or the whole result. */
  handler: (
    args: Record<string, string>,
    context: ServerContext,
  ) => string | GetPromptResult | Promise<string | GetPromptResult>;
}

/** What a test server offers. */
export interface TestServerDefinition {
  /** What the server calls itself. Default `test-server`. */
  name?: string;
  instructions?: string;
  /** Tools by name. */
  tools?: Readonly<Record<string, TestTool<never>>>;
  /** Resources by URI. */
  resources?: Readonly<Record<string, TestResource>>;
  /** Prompts by name. */
  prompts?: Readonly<Record<string, TestPrompt>>;
}

/** One instance of the server that a definition describes: a connection, or a request, has its own. */
export function buildServer(definition: TestServerDefinition): McpServer {
  const { name = 'test-server', instructions, tools = {}, resources = {}, prompts = {} } = definition;
  const server = new McpServer({ name, version: '0.0.0' }, instructions === undefined ? {} : { instructions });
  for (const [toolName, tool] of Object.entries(tools)) registerTool(server, toolName, tool);
  for (const [uri, resource] of Object.entries(resources)) registerResource(server, uri, resource);
  for (const [promptName, prompt] of Object.entries(prompts)) registerPrompt(server, promptName, prompt);
  return server;
}

function registerTool(server: McpServer, name: string, tool: TestTool<never>): void {
  const { inputSchema = { type: 'object' }, handler, ...described } = tool;
  const schema = isStandardSchema(inputSchema) ? inputSchema : fromJsonSchema(inputSchema);
  // The schema has checked the arguments: they are what the handler takes.
  server.registerTool(name, { ...described, inputSchema: schema }, async (args, context) =>
    toolResult(await handler(args as never, context)),
  );
}

function isStandardSchema(
  schema: JsonObject | StandardSchemaWithJSON<unknown, never>,
): schema is StandardSchemaWithJSON<unknown, never> {
  return '~standard' in schema;
}

function toolResult(value: unknown): CallToolResult {
  if (typeof value === 'string') return { content: [{ type: 'text', text: value }] };
  if (!isObject(value)) return { content: [{ type: 'text', text: JSON.stringify(value) ?? '' }] };
  // Whoever writes `content`, or asks for input, speaks for the protocol; a wrong result is theirs to send.
  if (Array.isArray(value['content']) || 'resultType' in value) return value as CallToolResult;
  return { content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value };
}

function registerResource(server: McpServer, uri: string, resource: TestResource): void {
  server.registerResource(uri, uri, {}, async () => {
    const value = typeof resource === 'function' ? await resource() : resource;
    return { contents: [{ uri, ...resourceContents(value) }] };
  });
}

function resourceContents(
  value: TestResourceValue,
): { mimeType: string; text: string } | { mimeType: string; blob: string } {
  if (typeof value === 'string') return { mimeType: 'text/plain', text: value };
  if (value instanceof Uint8Array) {
    return { mimeType: 'application/octet-stream', blob: Buffer.from(value).toString('base64') };
  }
  return { mimeType: 'application/json', text: JSON.stringify(value) };
}

function registerPrompt(server: McpServer, name: string, prompt: TestPrompt): void {
  const { arguments: names = [], handler, ...described } = prompt;
  const argsSchema = fromJsonSchema<Record<string, string>>({
    type: 'object',
    properties: Object.fromEntries(names.map((argument) => [argument, { type: 'string' }])),
    required: [...names],
  });
  server.registerPrompt(name, { ...described, argsSchema }, async (args, context) => {
    const result = await handler(args, context);
    if (typeof result !== 'string') return result;
    return { messages: [{ role: 'user', content: { type: 'text', text: result } }] };
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
