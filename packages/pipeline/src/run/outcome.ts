/** What became of a step, or of one item of it; stored. */
export type Outcome = { readonly retries?: readonly CallRetry[] } & (
  | {
      readonly status: 'done';
      readonly result: unknown;
      /** A lost call was found to have happened. */
      readonly isReconciled?: boolean;
      readonly carried?: Carried;
    }
  | { readonly status: 'skipped' }
  | {
      readonly status: 'failed';
      readonly error: string;
      /** The call happened, though its result could not be used: it must not be made again without looking. */
      readonly mayHaveHappened?: boolean;
      /** How far a run that the step started has come. */
      readonly carried?: Carried;
    }
  | {
      /** Whether the call happened is not known, and it must not be made twice: somebody has to look. */
      readonly status: 'unknown';
      readonly error: string;
    }
);

/** A call that failed and was made again. */
export interface CallRetry {
  readonly at: number;
  readonly waitMs: number;
  readonly error: string;
}

/** What a step waits for; recorded before it does. */
export interface Wait {
  readonly for: 'sleep' | 'approval' | 'webhook';
  readonly question?: string;
  /** Milliseconds since the epoch: when it wakes up, or gives up. */
  readonly until: number;
}

/** The outcomes of an earlier attempt, by the names of steps and items: `ticket[12]`. */
export type Carried = { readonly [name: string]: Outcome };

/** How a run ended; what its workflow gives. */
export interface RunEnd {
  readonly status: 'completed' | 'failed' | 'needs-attention';
  readonly output: unknown;
  readonly problems: readonly RunProblem[];
}

/** A step, or an item of it, that is not done. */
export interface RunProblem {
  readonly step: string;
  readonly key?: string | undefined;
  readonly status: 'failed' | 'unknown';
  readonly error: string;
}

/** The name under which a step, or an item of it, is recorded. */
export function recordName(step: string, key: string | undefined): string {
  return key === undefined ? step : `${step}[${key}]`;
}

/** What the names of records begin with that tell of no outcome: a call is about to be made, somebody or something is waited for. */
export const beginning = 'begin ';
export const question = 'wait ';
