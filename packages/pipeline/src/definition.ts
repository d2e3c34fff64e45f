import type { JsonObject } from '@toolwire/client-core';
import type { Duration } from './duration.ts';
import type { Template } from './expression/template.ts';

/** A pipeline: named steps, one after the other. Plain data, which is stored with each of its runs. */
export interface PipelineDefinition {
  name: string;
  /** Default 1. */
  version?: number | string | undefined;
  description?: string | undefined;
  /** The JSON Schema of the input, an object. Default: anything. */
  input?: JsonObject | undefined;
  /** Entries as in `mcpServers`, by name. `${NAME}` is filled in when a server is connected to, and never stored. */
  servers?: Readonly<Record<string, PipelineServer>> | undefined;
  /** How many calls of a run are under way at once. Default 4. */
  concurrency?: number | undefined;
  steps: readonly Step[];
  /** What a run gives. Default: the result of its last step. */
  output?: Template;
}

/** A server, and how far it is trusted. */
export interface PipelineServer extends JsonObject {
  /** How many calls are under way there at once, over all runs of this process. Default: no limit. */
  concurrency?: number | undefined;
  /** Believes what the tools say of themselves: read-only and idempotent ones are repeated when a call is lost. Default false. */
  trustAnnotations?: boolean | undefined;
  /** The server does nothing twice for the same idempotency key in `_meta`: its calls may be repeated. Default false. */
  honoursIdempotencyKey?: boolean | undefined;
}

interface EveryStep {
  /** Letters, digits, `_` and `-`; later steps read `steps.<id>.result`. */
  id: string;
  /** Skips the step when this is false, null, empty or not there. */
  when?: string | boolean | undefined;
  /** A list to do the step for, `${{ … }}`; or the id of an earlier step with `forEach`, to go on with what it did. */
  forEach?: string | readonly unknown[] | undefined;
  /** What tells the items apart over restarts: a value of their data, like `${{ item.number }}`. Default: the item itself. */
  key?: string | undefined;
  /** What becomes of the run when the step, or one of its items, fails. Default: `stop`, and `continue` with `forEach`. */
  onError?: 'stop' | 'continue' | undefined;
}

/** Calls a tool. */
export interface CallStep extends EveryStep {
  /** `server.tool` or `server/tool`. */
  call: string;
  args?: Readonly<Record<string, Template>> | undefined;
  /** What of the `result` is kept. Default: all of it. */
  output?: Template;
  /** Whether calling twice does no more than calling once. Default: what a trusted server says, else false. */
  idempotent?: boolean | undefined;
  /** The path of an argument that takes the idempotency key, like `options.requestId`: makes the call idempotent. */
  idempotencyKey?: string | undefined;
  /** How to find out whether a call whose answer was lost has happened. Without it, such a run needs attention. */
  reconcile?: Reconcile | undefined;
  /** Without an answer or progress. Default `60s`. */
  timeout?: Duration | undefined;
  retries?: Retries | undefined;
}

/** Looks for what a call would have made, before it is made again. */
export interface Reconcile {
  call: string;
  args?: Readonly<Record<string, Template>> | undefined;
  /** An expression over the `result` of the lookup: what the lost call made, or nothing. */
  found: string;
  /** The result of the step, with what was `found`. Default: what was found. */
  as?: Template;
  /** Waited before looking: a lost request may still be under way. Default `2s`. */
  settle?: Duration | undefined;
}

/** When a call that failed is made again: by its failure where that is certain, and by what its tool says. */
export interface Retries {
  /** Most attempts, the first included. Default 3. */
  attempts?: number | undefined;
  /** Before the second attempt, doubled each time, up to a minute. Default `1s`. */
  delay?: Duration | undefined;
  /** A tool's own failure is final, unless its text holds one of these, such as `rate limit`. */
  onToolError?: readonly string[] | undefined;
}

/** Does nothing for a while, also over restarts. */
export interface SleepStep extends EveryStep {
  sleep: Duration;
}

/** Waits until `signal()` says yes or no for this step. */
export interface ApprovalStep extends EveryStep {
  /** What is asked, with `${{ … }}`. */
  approval: string;
  /** Default `7d`; then the step fails. */
  timeout?: Duration | undefined;
}

/** Waits until `signal()` brings an event for this step; what it carries is the result. */
export interface WebhookStep extends EveryStep {
  /** A word for people: what is waited for. */
  webhook: string;
  /** Default `7d`; then the step fails. */
  timeout?: Duration | undefined;
}

/** Runs another pipeline as a run of its own; its output is the result. */
export interface SubPipelineStep extends EveryStep {
  pipeline: PipelineDefinition;
  input?: Readonly<Record<string, Template>> | undefined;
}

export type Step = CallStep | SleepStep | ApprovalStep | WebhookStep | SubPipelineStep;
