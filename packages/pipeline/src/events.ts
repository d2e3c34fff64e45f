import type { Outcome, Wait } from './run/outcome.ts';
import type { RunStatus } from './run-info.ts';

/** What happens in a run, as it happens. */
export type RunEvent = {
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
} & (
  | { readonly type: 'run-started'; readonly pipeline: string; readonly steps: readonly string[] }
  | {
      readonly type: 'step-started';
      readonly step: string;
      /** How many items, with `forEach`. */ readonly items?: number;
    }
  | { readonly type: 'call-started'; readonly step: string; readonly key?: string; readonly attempt: number }
  | {
      readonly type: 'call-retried';
      readonly step: string;
      readonly key?: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly error: string;
    }
  | { readonly type: 'reconciling'; readonly step: string; readonly key?: string }
  | ({ readonly type: 'waiting'; readonly step: string } & Wait)
  | {
      /** A step without `forEach`, or one item, has its outcome; `isReplayed` when it had it before this process came. */
      readonly type: 'settled';
      readonly step: string;
      readonly key?: string;
      readonly outcome: Outcome['status'];
      readonly error?: string;
      readonly isReplayed: boolean;
    }
  | { readonly type: 'step-ended'; readonly step: string }
  | { readonly type: 'run-ended'; readonly status: RunStatus }
);

/** An event before it is known which run it is of, and when. */
export type EventBody = RunEvent extends infer Event
  ? Event extends RunEvent
    ? Omit<Event, 'run' | 'at'>
    : never
  : never;
