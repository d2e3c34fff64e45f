import type { JsonObject, Progress, ToolResult } from '@toolwire/client-core';
import type { ModelCall } from './types.ts';

/** One call of a tool, from the model's request to what it is told. */
export interface ToolRun {
  readonly id: string;
  /** The function's name, as the model knows it. */
  readonly name: string;
  /** The server's name, where several were given. */
  readonly server: string | undefined;
  /** The tool's own name; undefined when the model has made the function up. */
  readonly tool: string | undefined;
  /** The arguments as sent; undefined when they were refused. */
  readonly args: JsonObject | undefined;
  /**
   * `answered`; `tool-error`: the tool reports a failure; `refused`: no such tool, or arguments that do not fit;
   * `declined` by `approve`; `failed`: no answer, and `error` says why.
   */
  readonly outcome: 'answered' | 'tool-error' | 'refused' | 'declined' | 'failed';
  /** The tool's answer, or the text that the model gets in its place. */
  readonly result: ToolResult | string;
  readonly error?: unknown;
}

/** A call that is about to be made, or refused. */
export type StartedToolRun = Pick<ToolRun, 'id' | 'name' | 'server' | 'tool' | 'args'>;

/** What a run does, as it does it. */
export type BridgeEvent<Result> =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'refusal'; readonly delta: string }
  /** The model writes the arguments of a call. */
  | { readonly type: 'argumentsDelta'; readonly id: string; readonly name: string; readonly delta: string }
  | { readonly type: 'toolStart'; readonly run: StartedToolRun }
  | { readonly type: 'toolProgress'; readonly id: string; readonly progress: Progress }
  | { readonly type: 'toolEnd'; readonly run: ToolRun }
  /** The last event of a run that has not failed. */
  | { readonly type: 'done'; readonly result: Result };

/**
 * Why a run ended. `stop`: the model has said what it had to say. `length`, `content-filter`: its answer was cut.
 * `max-steps`: it wants to go on. `foreign-calls`: it calls functions of the caller's own, which are in `pending`.
 */
export type FinishReason = 'stop' | 'refusal' | 'length' | 'content-filter' | 'max-steps' | 'foreign-calls';

/** Tokens of all requests of a run, as far as the API counted them. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
}

/** What came of a run. */
export interface RunResult<Answer, Item> {
  readonly finish: FinishReason;
  /** The text of the last answer. */
  readonly text: string;
  /** Why the model refuses; empty when it does not. */
  readonly refusal: string;
  /** The API's last answer. */
  readonly answer: Answer;
  /** The conversation so far: the `messages` or the `input` with which it can go on. */
  readonly transcript: Item[];
  /** The calls that were not made, when the run has ended before them. */
  readonly pending: readonly ModelCall[];
  /** The calls that were made, in order. */
  readonly runs: readonly ToolRun[];
  readonly steps: number;
  readonly usage: TokenUsage;
}
