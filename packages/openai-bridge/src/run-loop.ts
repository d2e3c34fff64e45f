import type { CatalogTool } from './catalog.ts';
import type { BridgeEvent, FinishReason, RunResult, TokenUsage, ToolRun } from './events.ts';
import { RunInterruptedError } from './errors.ts';
import { expandParallelCalls } from './parallel-calls.ts';
import { rejectedTool } from './rejected-tool.ts';
import type { CallResult } from './results.ts';
import { resultsOf, runCalls, type CallContext } from './run-calls.ts';
import type { Offer, Toolbox } from './toolbox.ts';
import type { ModelCall, OpenAIApi } from './types.ts';

/** What the model said in one answer. */
export interface Turn<Answer, Item> {
  readonly answer: Answer;
  /** The answer as a part of the conversation. */
  readonly items: readonly Item[];
  readonly text: string;
  readonly refusal: string;
  readonly calls: readonly ModelCall[];
  /** Whether it asks for something, besides `calls`, that only the caller can do. */
  readonly awaitsCaller: boolean;
  /** What cut the answer short, if something did. */
  readonly cut: 'length' | 'content-filter' | undefined;
  readonly usage: TokenUsage;
}

/** One of OpenAI's two interfaces, as the loop sees it. */
export interface Wire<Api extends OpenAIApi, Answer, Item> {
  /** The conversation as the caller begins it. */
  readonly start: readonly Item[];
  /** Sends the conversation and one offer of tools. */
  ask(transcript: readonly Item[], offer: Offer<Api>, context: AskContext): Promise<Turn<Answer, Item>>;
  /** The answers to all calls of one turn. */
  answer(results: readonly CallResult[]): readonly Item[];
  /** Whether the caller has brought a function of this name. */
  isForeign(name: string): boolean;
}

export interface AskContext {
  readonly signal: AbortSignal;
  readonly emit: (event: BridgeEvent<never>) => void;
  /** False from the second request on: a tool that had to be called has been called. */
  readonly isFirst: boolean;
}

export interface LoopContext<Api extends OpenAIApi> extends CallContext {
  readonly toolbox: Toolbox<Api>;
  /** Told when the API does not take a tool, which is then offered no more. */
  readonly onRejected: (entry: CatalogTool, reason: string) => void;
}

/** Asks the model, makes the calls that it wants and tells it what came of them, until it has said what it has to say. */
export async function runLoop<Api extends OpenAIApi, Answer, Item>(
  wire: Wire<Api, Answer, Item>,
  context: LoopContext<Api>,
): Promise<RunResult<Answer, Item>> {
  const { toolbox, settings, signal } = context;
  const transcript = [...wire.start];
  const runs: ToolRun[] = [];
  let usage: TokenUsage = { input: 0, output: 0 };
  try {
    for (let steps = 1; ; steps++) {
      const turn = await ask(wire, transcript, context, steps === 1);
      usage = { input: usage.input + turn.usage.input, output: usage.output + turn.usage.output };
      const calls = expandParallelCalls(turn.calls, (name) => toolbox.find(name) !== undefined);
      const isLast = steps >= (settings.maxSteps ?? 20);
      const isForeign = turn.awaitsCaller || calls.some(({ name }) => wire.isForeign(name));
      const finish = finishOf(turn, isLast, isForeign);
      if (finish !== undefined) {
        // Calls that nobody will answer must not stay in the conversation: the API would not take it up again.
        if (calls.length === 0 || finish === 'foreign-calls') transcript.push(...turn.items);
        const { text, refusal, answer } = turn;
        return { finish, text, refusal, answer, transcript, pending: calls, runs, steps, usage };
      }
      const made = await runCalls(calls, context);
      runs.push(...made);
      transcript.push(...turn.items, ...wire.answer(resultsOf(calls, made)));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw runs.length === 0 ? error : new RunInterruptedError(error, transcript);
  }
}

/** A tool that the API rejects is left out, and the others are offered again. */
async function ask<Api extends OpenAIApi, Answer, Item>(
  wire: Wire<Api, Answer, Item>,
  transcript: readonly Item[],
  { toolbox, signal, emit, onRejected }: LoopContext<Api>,
  isFirst: boolean,
): Promise<Turn<Answer, Item>> {
  for (;;) {
    const offer = toolbox.offer();
    try {
      return await wire.ask(transcript, offer, { signal, emit, isFirst });
    } catch (error) {
      const rejected = rejectedTool(error, [...offer.direct, ...offer.deferred]);
      if (rejected === undefined) throw error;
      toolbox.remove(rejected.entry.name);
      onRejected(rejected.entry, rejected.reason);
    }
  }
}

function finishOf(
  { cut, calls, refusal }: Turn<unknown, unknown>,
  isLast: boolean,
  isForeign: boolean,
): FinishReason | undefined {
  if (cut !== undefined) return cut;
  if (isForeign) return 'foreign-calls';
  if (calls.length === 0) return refusal === '' ? 'stop' : 'refusal';
  return isLast ? 'max-steps' : undefined;
}
