/** How far an engine has come with a run; what the run itself made of it is in its result. */
export type EngineStatus = 'queued' | 'running' | 'interrupted' | 'cancelled' | 'ended' | 'crashed';

/** A run as an engine keeps it. */
export interface StoredRun {
  readonly id: string;
  readonly status: EngineStatus;
  readonly request: unknown;
  /** What the workflow gave, once it has ended. */
  readonly result: unknown;
  /** Why the workflow itself threw: a fault of the engine or of this package. */
  readonly crash: string | undefined;
  readonly parent: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A step of a run, as it was recorded. */
export interface StoredStep {
  readonly name: string;
  readonly value: unknown;
  /** The run that the step started. */
  readonly child: string | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
}

/**
 * What a run does through its engine, so that it is done once: each operation is recorded under its number in the order of
 * calls, and answered from the record after a crash. The numbers are taken when a method is called, not when it settles.
 */
export interface Journal {
  readonly runId: string;
  /** Runs `work`, and records what it gives; `signal` aborts when the run is cancelled or the engine closes. */
  step<Value>(name: string, work: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
  /** Waits until the time that it first worked out, also when the process ends meanwhile. */
  sleep(ms: number): Promise<void>;
  /** The first message on `topic`, or null when none came within `ms` milliseconds. */
  receive(topic: string, ms: number): Promise<unknown>;
  /** Starts a run of its own, waits until it has ended, and records what `read` makes of that. */
  child<Value>(name: string, id: string, request: unknown, read: (end: ChildEnd) => Value): Promise<Value>;
}

/** How a run that another started has ended: `result` is there when it is `ended`. */
export interface ChildEnd {
  readonly status: EngineStatus;
  readonly result: unknown;
}

/** Thrown by a step that was stopped on its way: it is neither done nor failed, and nothing is recorded. */
export class AbandonedStep extends Error {
  override name = 'AbandonedStep';
}

/** What a run does; called again after a crash, with the same request. */
export type Workflow = (journal: Journal, request: unknown) => Promise<unknown>;

export interface StoredRunFilter {
  /** Also the runs that other runs started. Default false. */
  children?: boolean | undefined;
  /** The newest so many. Default: all. */
  limit?: number | undefined;
  /** Only those made before, in milliseconds since the epoch. */
  createdBefore?: number | undefined;
}

/** Keeps runs and carries them out: the seam behind which DBOS stands, and another engine may. */
export interface Engine {
  /** Starts a run in this process; false when there is one of that id already. */
  start(id: string, request: unknown): Promise<boolean>;
  /** Leaves a run to whichever worker is free; false as with `start`. */
  enqueue(id: string, request: unknown): Promise<boolean>;
  get(id: string): Promise<StoredRun | undefined>;
  /** The newest first. */
  list(filter?: StoredRunFilter): Promise<StoredRun[]>;
  /** What a run has recorded, in order. */
  steps(id: string): Promise<StoredStep[]>;
  /** Settles when the run has ended or was cancelled, wherever it is carried out. */
  ended(id: string, signal?: AbortSignal): Promise<void>;
  /** Puts a message where `receive` finds it, once for each `messageId`. */
  send(id: string, topic: string, message: unknown, messageId?: string): Promise<void>;
  /** Stops a run, and the runs that it started. */
  cancel(id: string): Promise<void>;
  /** Goes on with a run that was cancelled or interrupted, and with those that it started. */
  resume(id: string): Promise<void>;
  /** Forgets runs, and the runs that they started. */
  delete(ids: readonly string[]): Promise<void>;
  /** Lets what is under way end for `drainMs`; the runs themselves stay as they are. */
  close(drainMs: number): Promise<void>;
}

/** Where the runs are kept. */
export type EngineOptions =
  | {
      /** In this process, in a directory: no server is needed, one process at a time. */
      kind: 'embedded';
      /** Default `.mcp/pipeline`. */
      dir?: string;
    }
  | {
      /** On PostgreSQL, for any number of processes and machines. */
      kind: 'postgres';
      url: string;
    }
  | {
      /** In memory: nothing outlives the process. */
      kind: 'memory';
    };

/** How an engine takes part. */
export interface EngineRole {
  /** What runs do; without it, the engine only looks. */
  workflow: Workflow | undefined;
  /** Takes over the runs of processes that died. */
  takesOver: boolean;
  /** Told what the engine met without failing: a lost connection, a run that was taken over. */
  onWarning: (message: string) => void;
}
