import type { JsonObject } from '@toolwire/client-core';

/** Which of OpenAI's two interfaces a tool is for: Chat Completions or Responses. */
export type OpenAIApi = 'chat' | 'responses';

/** `auto`: strict where nothing that the tool accepts gets lost; `off`: never; `require`: throws where it cannot be. */
export type StrictMode = 'auto' | 'off' | 'require';

export interface ToOpenAIToolOptions<Api extends OpenAIApi = OpenAIApi> {
  readonly api: Api;
  /** Default: `auto`. */
  readonly strict?: StrictMode;
  /** The function's name; default: the tool's own, made legal. For the tools of several servers see `nameTools`. */
  readonly name?: string;
  /** In characters; default: no limit. Azure and older models take 1,024. */
  readonly maxDescriptionLength?: number;
}

export interface ChatFunctionTool {
  type: 'function';
  function: { name: string; description?: string; parameters: JsonObject; strict: boolean };
}

export interface ResponsesFunctionTool {
  type: 'function';
  name: string;
  description?: string;
  parameters: JsonObject;
  strict: boolean;
}

export type OpenAIFunctionTool<Api extends OpenAIApi = OpenAIApi> = Api extends 'chat'
  ? ChatFunctionTool
  : ResponsesFunctionTool;

/** A tool as OpenAI takes it, and the way back for the arguments that a model sends. */
export interface ConvertedTool<Api extends OpenAIApi = OpenAIApi> {
  readonly tool: OpenAIFunctionTool<Api>;
  readonly strict: boolean;
  /**
   * Turns arguments written for `tool` into arguments of the MCP tool. Never throws: what it cannot read, it keeps and
   * tells `onProblem`, in a sentence for the model.
   */
  decode(args: unknown, onProblem?: (problem: string) => void): JsonObject;
  /** What the conversion could not carry over; empty when `tool` says all that the MCP tool said. */
  readonly losses: readonly Loss[];
}

/** Something that the converted tool does not say, or no longer says to the letter. */
export interface Loss {
  /** Where in the tool, like `inputSchema.properties.limit`. */
  readonly path: string;
  /** The keyword that is concerned, like `uniqueItems`. */
  readonly keyword: string;
  readonly kind: LossKind;
  /** One sentence for people. */
  readonly what: string;
}

/**
 * `unenforced`: OpenAI does not hold the model to it; it is checked before the call instead. `narrowed`: what the schema
 * left open, like keys that it does not name, was read as closed, and cannot be sent. `shortened`: a text was cut.
 */
export type LossKind = 'unenforced' | 'narrowed' | 'shortened';

/** A tool call as a model sent it, whichever API it came from. */
export interface ModelCall {
  readonly id: string;
  readonly name: string;
  /** The arguments, as JSON text. */
  readonly arguments: string;
  /** The call of the model that this one is a part of: its result goes there, together with those of the other parts. */
  readonly parentId?: string;
}
