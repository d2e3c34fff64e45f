import type { JsonObject } from '@toolwire/client-core';
import type { EngineStatus, StoredRun, StoredStep } from './engine.ts';
import { PipelineError } from './errors.ts';
import { isOutcome } from './run/carried.ts';
import {
  beginning,
  question,
  type CallRetry,
  type Outcome,
  type RunEnd,
  type RunProblem,
  type Wait,
} from './run/outcome.ts';
import { attemptOf, knownOutcome, type RunRequest } from './run/run-request.ts';

/** How a run is: under way (`queued`, `running`), stopped on its way (`interrupted`, `cancelled`, `crashed`), or ended. */
export type RunStatus = Exclude<EngineStatus, 'ended'> | RunEnd['status'];

/** A run. */
export interface RunInfo {
  readonly id: string;
  readonly status: RunStatus;
  readonly pipeline: string;
  readonly version: number | string;
  /** From 1; `retry` starts another. */
  readonly attempt: number;
  readonly input: JsonObject;
  /** What a completed run gives. */
  readonly output: unknown;
  /** What is not done, and why. */
  readonly problems: readonly RunProblem[];
  /** The run that started this one. */
  readonly parent: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A step of a run, or one item of it, as far as it is recorded. */
export interface RunStep {
  readonly step: string;
  readonly key: string | undefined;
  /** `open`: begun or waiting, without an outcome yet. */
  readonly status: Outcome['status'] | 'open';
  readonly startedAt: number;
  /** Undefined while it is open. */
  readonly endedAt: number | undefined;
  readonly result?: unknown;
  readonly error?: string;
  /** A lost call was found to have happened. */
  readonly isReconciled?: boolean;
  readonly retries: readonly CallRetry[];
  /** What is waited for. */
  readonly waitsFor?: Wait;
  /** The run that the step started. */
  readonly child?: string;
  /** An earlier attempt has settled it; its times are that of the start of this one. */
  readonly isCarried?: boolean;
}

/** A run that did not complete; `run` says how it is. */
export class RunError extends PipelineError {
  override name = 'RunError';
  readonly run: RunInfo;

  constructor(run: RunInfo) {
    super(codes[run.status] ?? 'run-failed', `Run ${run.id} ${words[run.status] ?? run.status}${because(run)}`);
    this.run = run;
  }
}

const codes: Partial<Record<RunStatus, 'run-cancelled' | 'needs-attention'>> = {
  cancelled: 'run-cancelled',
  'needs-attention': 'needs-attention',
};
const words: Partial<Record<RunStatus, string>> = {
  cancelled: 'was cancelled',
  'needs-attention': 'needs attention',
};

function because({ problems }: RunInfo): string {
  const [first] = problems;
  if (first === undefined) return '';
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  return `: ${first.step}${first.key === undefined ? '' : `[${first.key}]`}: ${first.error}${more}`;
}

export function runInfo(stored: StoredRun): RunInfo {
  const request = stored.request as RunRequest; // Every run of ours is started with one, and ends with a RunEnd.
  const end = stored.status === 'ended' ? (stored.result as RunEnd) : undefined;
  const crash: RunProblem[] =
    stored.crash === undefined ? [] : [{ step: 'engine', status: 'failed', error: stored.crash }];
  return {
    id: stored.id,
    status: stored.status === 'ended' ? (end?.status ?? 'crashed') : stored.status,
    pipeline: request.pipeline.name,
    version: request.pipeline.version ?? 1,
    attempt: attemptOf(stored.id),
    input: request.input,
    output: end?.output,
    problems: end?.problems ?? crash,
    parent: stored.parent,
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
  };
}

/** The steps of a run by what it has recorded, in the order in which they began. */
export function runSteps({ id: runId, request, createdAt }: StoredRun, records: readonly StoredStep[]): RunStep[] {
  const steps = new Map<string, RunStep>(carriedSteps(request as RunRequest, createdAt)); // Every run of ours has one.
  for (const { name, value, startedAt, endedAt, child } of records) {
    const subject = child?.slice(runId.length + 1) ?? subjectOf(name);
    const known = steps.get(subject) ?? {
      ...named(subject),
      status: 'open',
      startedAt,
      endedAt: undefined,
      retries: [],
    };
    if (child !== undefined) steps.set(subject, { ...known, child });
    else if (name.startsWith(beginning)) steps.set(subject, known);
    else if (name.startsWith(question)) steps.set(subject, { ...known, waitsFor: value as Wait }); // As it is recorded.
    else if (isOutcome(name, value)) steps.set(subject, { ...known, ...value, retries: value.retries ?? [], endedAt });
  }
  return [...steps.values()];
}

function carriedSteps(request: RunRequest, at: number): [string, RunStep][] {
  return Object.keys(request.carried).flatMap((name) => {
    const outcome = knownOutcome(request, name);
    if (outcome === undefined) return [];
    return [[name, { ...named(name), ...outcome, startedAt: at, endedAt: at, retries: [], isCarried: true }]];
  });
}

function subjectOf(name: string): string {
  const prefix = [beginning, question].find((start) => name.startsWith(start)) ?? '';
  return name.slice(prefix.length);
}

function named(subject: string): Pick<RunStep, 'step' | 'key'> {
  const [, step = subject, key] = /^([^[]*)\[(.*)\]$/s.exec(subject) ?? [];
  return { step, key };
}
