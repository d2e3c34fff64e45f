import type { JsonObject } from '@toolwire/client-core';

/** What a mock answers a call with. */
export interface MockAnswer {
  /** Arguments that the call must have; without it, the answer is for every call. */
  readonly when?: JsonObject;
  readonly text?: string;
  readonly structured?: unknown;
  /** The protocol's own content, in place of `text`. */
  readonly content?: readonly JsonObject[];
  readonly isError?: boolean;
  /** A JSON-RPC error, in place of a result. */
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  /** How long the answer takes: milliseconds, `200ms`, `2s`. */
  readonly delay?: number | string;
}

/** A tool of a mock, in the protocol's words, and its answers: the first one that fits is given. */
export interface MockTool {
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema?: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations?: JsonObject;
  readonly answer?: MockAnswer | readonly MockAnswer[];
}

/** A server that `mcp mock` plays. */
export interface MockDefinition {
  readonly name?: string;
  readonly instructions?: string;
  /** How long every answer takes that names no time of its own. */
  readonly delay?: number | string;
  /** Tools by name. */
  readonly tools?: Readonly<Record<string, MockTool>>;
  /** Texts by URI; what is no text is sent as JSON. */
  readonly resources?: Readonly<Record<string, unknown>>;
  /** Prompts by name. */
  readonly prompts?: Readonly<Record<string, MockPrompt>>;
}

/** A prompt of a mock: what it says, with `{name}` for its arguments. */
export interface MockPrompt {
  readonly description?: string;
  readonly arguments?: readonly string[];
  readonly text: string;
}

const delay = {
  anyOf: [
    { type: 'number', minimum: 0 },
    { type: 'string', pattern: '^[0-9.]+(ms|s|m)?$' },
  ],
};
const text = { type: 'string' };
const object = { type: 'object' };

/** What a file of `mcp mock` may say. */
export const definitionSchema: object = {
  ...fields({
    name: text,
    instructions: text,
    delay,
    tools: { type: 'object', additionalProperties: { $ref: '#/$defs/tool' } },
    resources: object,
    prompts: { type: 'object', additionalProperties: { $ref: '#/$defs/prompt' } },
  }),
  $defs: {
    tool: fields({
      title: text,
      description: text,
      inputSchema: object,
      outputSchema: object,
      annotations: object,
      answer: { anyOf: [{ $ref: '#/$defs/answer' }, { type: 'array', items: { $ref: '#/$defs/answer' } }] },
    }),
    answer: fields({
      when: object,
      text,
      structured: {},
      content: { type: 'array', items: object },
      isError: { type: 'boolean' },
      error: { ...fields({ code: { type: 'integer' }, message: text, data: {} }), required: ['code', 'message'] },
      delay,
    }),
    prompt: { ...fields({ description: text, arguments: { type: 'array', items: text }, text }), required: ['text'] },
  },
};

function fields(properties: object): object {
  return { type: 'object', properties, additionalProperties: false };
}
