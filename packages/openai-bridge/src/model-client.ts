import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { Response as ModelResponse, ResponseCreateParamsNonStreaming } from 'openai/resources/responses/responses';

export type { ModelResponse };

/**
 * The part of an OpenAI client that Chat Completions need: `OpenAI` or `AzureOpenAI` of any version, or anything of that
 * shape. It is given a request of the API and `{ signal }`, and answers with a completion or an iterable of chunks.
 */
export interface ChatClient {
  readonly chat: { readonly completions: { create(body: never, options?: never): PromiseLike<unknown> } };
}

/** The part of an OpenAI client that the Responses API needs, in the same way. */
export interface ResponsesClient {
  readonly responses: { create(body: never, options?: never): PromiseLike<unknown> };
}

/** A request to Chat Completions; functions in its `tools` are the caller's own, besides those of the bridge. */
export type ChatParams = Omit<ChatCompletionCreateParamsNonStreaming, 'stream' | 'n' | 'functions' | 'function_call'>;

/** A request to the Responses API; its `tools` are the caller's own, besides those of the bridge. */
export type ResponsesParams = Omit<ResponseCreateParamsNonStreaming, 'stream' | 'background'>;
